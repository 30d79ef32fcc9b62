// One request, from its first line to its last byte: what libmicrohttpd tells of it, and what it is
// answered. Runs on the loop's thread alone.
#pragma once

#include <microhttpd.h>

#include <cstddef>
#include <string_view>
#include <vector>

#include "http/connection_table.h"
#include "http/refusal.h"
#include "http/router.h"
#include "http/server.h"

namespace tidegauge {

class RequestHandler {
 public:
  // Options and table must outlive the handler.
  RequestHandler(const HttpOptions& options, std::vector<HttpRoute> routes,
                 ConnectionTable& connections)
      : options_(options), router_(std::move(routes)), connections_(connections) {}

  // The request line is there. False where it was refused: the connection must be cut.
  bool OnTarget(Connection& connection, const char* target);

  // libmicrohttpd's access handler: called once for the headers (`*state` is null), once for each
  // piece of the body, and once at the end. MHD_NO closes the connection.
  MHD_Result OnRequest(MHD_Connection* http, Connection& connection, const char* method,
                       const char* version, std::size_t* upload_size, void** state);

  // The answer is sent, or never will be.
  void Finish(Connection& connection, MHD_RequestTerminationCode code);

 private:
  MHD_Result OnHeaders(MHD_Connection* http, Connection& connection, const char* method,
                       const char* version);
  MHD_Result Refuse(Connection& connection, const Refusal& refusal);
  MHD_Result Respond(MHD_Connection* http, Connection& connection, HttpResponse response);
  void LogAnswer(const Connection& connection, std::string_view message);

  const HttpOptions& options_;
  const Router router_;
  ConnectionTable& connections_;
};

}  // namespace tidegauge
