/** Tells whether a process that took a lease still lives, and is not merely a later one with the same id. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { Lease, Owner } from '../store/queries/leases'

export function thisProcess(owner: Owner['owner']): Owner {
  return { owner, pid: process.pid, processStarted: processStarted(process.pid) ?? '' }
}

/** The lease's process is gone, or its id belongs to another process now. */
export function isGone(lease: Pick<Lease, 'pid' | 'processStarted'>): boolean {
  const started = processStarted(lease.pid)
  if (started === undefined) return !answers(lease.pid)
  return started !== lease.processStarted
}

/**
 * When a process started, as text that differs between processes with the same id; '' where it is gone, undefined
 * where the platform cannot tell.
 */
export function processStarted(pid: number): string | undefined {
  if (process.platform === 'linux') return linuxStart(pid)
  if (process.platform === 'darwin') {
    const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
    return listed.error ? undefined : listed.stdout.trim()
  }
  return undefined
}

/** Boot id and start time in ticks since boot (field 22 of /proc/PID/stat); a zombie counts as gone. */
function linuxStart(pid: number): string | undefined {
  let boot: string
  try {
    boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').slice(0, 8)
  } catch {
    return undefined
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command's name may hold spaces and brackets: fields are counted from the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? '' : `${boot}:${fields[19]!}`
  } catch {
    return ''
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Ends a worker that outlived its owner, if it is certainly that worker. */
export function endOrphan(pid: number | null, started: string | null): void {
  if (pid === null || !started || processStarted(pid) !== started) return
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It went by itself.
  }
}
