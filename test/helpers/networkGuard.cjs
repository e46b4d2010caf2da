// Loaded before the studio, by NODE_OPTIONS or Electron's -r: no connection leaves this machine and no name is looked up, and
// each attempt is written to NETWORK_GUARD_LOG. That it was loaded is written there too.
const { appendFileSync } = require('node:fs')
const { devNull } = require('node:os')
const dgram = require('node:dgram')
const dns = require('node:dns')
const net = require('node:net')

const write = (line) => appendFileSync(process.env.NETWORK_GUARD_LOG ?? devNull, `${line}\n`)
const isLocal = (host) => !host || host === 'localhost' || host === '::1' || /^127\./.test(host)

function refuse(what) {
  write(`attempt ${what}`)
  throw new Error(`The network is blocked: ${what}`)
}

const { connect } = net.Socket.prototype
net.Socket.prototype.connect = function guarded(...args) {
  const [first, second] = Array.isArray(args[0]) ? args[0] : args
  const isPort = typeof first === 'number' || /^\d+$/.test(String(first))
  const { host, path } = typeof first === 'object' ? first : isPort ? { host: second } : { path: first }
  if (!path && !isLocal(host)) refuse(`connect ${host}`)
  return connect.apply(this, args)
}
for (const resolver of [dns, dns.promises])
  for (const name of Object.keys(resolver).filter((key) => /^(lookup|resolve|reverse)/.test(key))) {
    const original = resolver[name]
    resolver[name] = function guarded(host, ...rest) {
      if (!isLocal(host)) refuse(`${name} ${host}`)
      return original.call(this, host, ...rest)
    }
  }
dgram.Socket.prototype.send = () => refuse('datagram')

write(`loaded ${process.type ?? 'node'}`)
