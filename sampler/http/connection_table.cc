#include "http/connection_table.h"

#include <iterator>
#include <utility>

namespace tidegauge {

ConnectionTable::Admission ConnectionTable::Admit(const PeerAddress& address) {
  const auto count = per_address_.find(address);
  if (count != per_address_.end() && count->second >= limits_.connections_per_address) {
    for (Connection& connection : waiting_) {
      if (connection.address == address) return {true, &connection};
    }
    return {false, nullptr};
  }
  if (waiting_.size() + answered_.size() >= limits_.connections) {
    if (waiting_.empty()) return {false, nullptr};
    return {true, &waiting_.front()};
  }
  return {};
}

Connection& ConnectionTable::Add(int fd, const PeerAddress& address, std::string remote, Time now) {
  Connection& connection = waiting_.emplace_back();
  connection.fd = fd;
  connection.address = address;
  connection.remote = std::move(remote);
  connection.since = now;
  connection.self = std::prev(waiting_.end());
  ++per_address_[address];
  by_fd_[fd] = &connection;
  return connection;
}

void ConnectionTable::Remove(Connection& connection) {
  if (connection.phase != Connection::Phase::kCut) Forget(connection.address);
  by_fd_.erase(connection.fd);
  ListOf(connection.phase).erase(connection.self);
}

void ConnectionTable::Wait(Connection& connection, Time now) {
  Move(connection, Connection::Phase::kWaiting, now);
}

void ConnectionTable::Answer(Connection& connection, Time now) {
  Move(connection, Connection::Phase::kAnswered, now);
}

void ConnectionTable::Cut(Connection& connection) {
  if (connection.phase == Connection::Phase::kCut) return;
  Forget(connection.address);
  Move(connection, Connection::Phase::kCut, connection.since);
}

Connection* ConnectionTable::Find(int fd) {
  const auto found = by_fd_.find(fd);
  return found == by_fd_.end() ? nullptr : found->second;
}

Connection* ConnectionTable::LongestWaiting() {
  return waiting_.empty() ? nullptr : &waiting_.front();
}

Connection* ConnectionTable::Overdue(Time now) {
  if (!waiting_.empty() && waiting_.front().since + limits_.request_deadline <= now) {
    return &waiting_.front();
  }
  if (!answered_.empty() && answered_.front().since + limits_.response_deadline <= now) {
    return &answered_.front();
  }
  return nullptr;
}

std::optional<ConnectionTable::Time> ConnectionTable::NextDeadline() const {
  std::optional<Time> next;
  if (!waiting_.empty()) next = waiting_.front().since + limits_.request_deadline;
  if (!answered_.empty()) {
    const Time deadline = answered_.front().since + limits_.response_deadline;
    if (!next || deadline < *next) next = deadline;
  }
  return next;
}

ConnectionTable::Connections& ConnectionTable::ListOf(Connection::Phase phase) {
  switch (phase) {
    case Connection::Phase::kWaiting:
      return waiting_;
    case Connection::Phase::kAnswered:
      return answered_;
    case Connection::Phase::kCut:
      break;
  }
  return cut_;
}

void ConnectionTable::Move(Connection& connection, Connection::Phase phase, Time now) {
  if (connection.phase == Connection::Phase::kCut) return;
  Connections& to = ListOf(phase);
  to.splice(to.end(), ListOf(connection.phase), connection.self);
  connection.phase = phase;
  connection.since = now;
}

void ConnectionTable::Forget(const PeerAddress& address) {
  const auto count = per_address_.find(address);
  if (--count->second == 0) per_address_.erase(count);
}

}  // namespace tidegauge
