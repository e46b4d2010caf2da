// better-sqlite3 as an addon of Node-API "experimental". Such addons have their finalizers run inside the garbage
// collector, where Node 20.18 (Electron 33) ends the process when one deletes a reference, as the destructors of
// these classes do. Saying that they have extended finalizers makes node-addon-api delete them after the collection,
// through node_api_post_finalizer, which every Node from 20 on exports and the headers of stable versions leave out.
#include <node_api.h>

#define NODE_API_EXPERIMENTAL_HAS_POST_FINALIZER
extern "C" NAPI_EXTERN napi_status NAPI_CDECL node_api_post_finalizer(node_api_basic_env env,
                                                                      napi_finalize finalize_cb,
                                                                      void* finalize_data,
                                                                      void* finalize_hint);
#include <napi.h>

class Database;
class Statement;
class StatementIterator;
class Backup;

namespace Napi::details {
struct AfterCollection {
  static constexpr bool value = true;
};
template <> class HasExtendedFinalizer<::Database> : public AfterCollection {};
template <> class HasExtendedFinalizer<::Statement> : public AfterCollection {};
template <> class HasExtendedFinalizer<::StatementIterator> : public AfterCollection {};
template <> class HasExtendedFinalizer<::Backup> : public AfterCollection {};
}  // namespace Napi::details

#include "better_sqlite3.cpp"
