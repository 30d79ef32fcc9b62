// Through PgBouncer's transaction pooling: one server session for all, handed on after each
// transaction.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <pqxx/pqxx>
#include <vector>

#include "database/database.h"
#include "database/test_server.h"
#include "gauge/statement.h"

namespace tidegauge {
namespace {

std::uint16_t FreePort() {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(bind(probe, reinterpret_cast<sockaddr*>(&address), length), 0);
  EXPECT_EQ(getsockname(probe, reinterpret_cast<sockaddr*>(&address), &length), 0);
  close(probe);
  return ntohs(address.sin_port);
}

class PoolerTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    const char* program = "/usr/sbin/pgbouncer";
    ASSERT_TRUE(std::filesystem::exists(program)) << "pgbouncer is missing: run scripts/setup";
    directory_ = std::filesystem::temp_directory_path() / ("tidegauge-pooler-" + database_name_);
    std::filesystem::create_directories(directory_);
    std::filesystem::permissions(directory_, std::filesystem::perms::all);
    port_ = FreePort();
    std::ofstream(directory_ / "users.txt") << '"' << reader_ << "\" \"\"\n";
    std::ofstream(directory_ / "pgbouncer.ini")
        << "[databases]\n* = host=" << Environment("PGHOST") << " port=" << Environment("PGPORT")
        << "\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = " << port_
        << "\nunix_socket_dir =\nauth_type = trust\nauth_file = "
        << (directory_ / "users.txt").string()
        << "\npool_mode = transaction\ndefault_pool_size = 1\nlogfile = "
        << (directory_ / "log").string() << "\n";
    const std::string file = (directory_ / "pgbouncer.ini").string();
    std::vector<std::string> words = {program, "-q", file};
    if (geteuid() == 0) {  // pgbouncer refuses to run as root
      words.insert(words.begin(),
                   {"setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"});
    }
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    ASSERT_EQ(posix_spawnp(&pid_, arguments[0], nullptr, nullptr, arguments.data(), environ), 0);
    ASSERT_TRUE(Eventually([&] {
      try {
        pqxx::connection attempt(PoolerUrl());
        return attempt.is_open();
      } catch (const pqxx::broken_connection&) {
        return false;
      }
    }));
  }

  void TearDown() override {
    if (pid_ > 0) {
      kill(pid_, SIGTERM);
      waitpid(pid_, nullptr, 0);
    }
    std::filesystem::remove_all(directory_);
    ServerTest::TearDown();
  }

  std::string PoolerUrl() const {
    return Url(reader_, "host=127.0.0.1 port=" + std::to_string(port_));
  }

  std::unique_ptr<Session> ConnectByPooler() {
    DatabaseConfig config;
    config.url = PoolerUrl();
    config.settings = {{"work_mem", "5MB"}, {"search_path", "app, public"}};
    return Connect(config);
  }

  std::filesystem::path directory_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

// What another client of the pooler finds on the same server session.
std::string Neighbour(const std::string& url, const std::string& expression) {
  pqxx::connection connection(url + " application_name=neighbour");
  pqxx::nontransaction work(connection);
  return work.exec("SELECT " + expression)[0][0].c_str();
}

TEST_F(PoolerTest, SettingsHoldInTheTransactionAndLeakToNobody) {
  const char* names[] = {"statement_timeout",
                         "lock_timeout",
                         "row_security",
                         "TimeZone",
                         "work_mem",
                         "search_path",
                         "application_name",
                         "transaction_isolation",
                         "transaction_read_only"};
  std::vector<std::string> before;
  for (const char* name : names) {
    before.push_back(Neighbour(PoolerUrl(), "current_setting('" + std::string(name) + "')"));
  }

  const auto session = ConnectByPooler();
  EXPECT_EQ(session->info().role, reader_);
  for (int i = 0; i < 3; ++i) {
    TransactionOptions options = Options(std::chrono::milliseconds(1500));
    options.params = {{"stale_after", "48 hours"}};
    session->Begin(options, Soon());
    const auto rows = session->Fetch(
        "SELECT current_setting('statement_timeout'), current_setting('row_security'), "
        "current_setting('search_path'), current_setting('tidegauge.stale_after'), "
        "current_setting('application_name'), current_setting('transaction_read_only')");
    const char* expected[] = {"1500ms", "off", "app, public", "48 hours", "tidegauge/test/query",
                              "on"};
    for (std::size_t c = 0; c < std::size(expected); ++c) EXPECT_EQ(rows->Get(0, c), expected[c]);
    session->Rollback();

    for (std::size_t n = 0; n < std::size(names); ++n) {
      EXPECT_EQ(Neighbour(PoolerUrl(), "current_setting('" + std::string(names[n]) + "')"),
                before[n])
          << names[n];
    }
    EXPECT_EQ(
        Neighbour(PoolerUrl(), "coalesce(current_setting('tidegauge.stale_after', true), '')"), "");
    EXPECT_EQ(Neighbour(PoolerUrl(), "count(*) FROM pg_prepared_statements"), "0");
  }
  EXPECT_EQ(Admin("SELECT count(*) FROM pg_stat_activity WHERE usename = '" + reader_ + "'"), "1");
}

TEST_F(PoolerTest, SessionsShareOneServerSession) {
  const auto first = ConnectByPooler();
  const auto second = ConnectByPooler();
  for (int i = 0; i < 5; ++i) {
    for (Session* session : {first.get(), second.get()}) {
      session->Begin(Options(), Soon());
      const Query query = FileQuery("SELECT 'a' AS status, 1 AS value");
      Projection projection;
      const std::vector<Column> columns = session->Describe(DescribeStatement(query));
      projection.labels = {columns.at(0)};
      projection.values = {columns.at(1)};
      EXPECT_EQ(session->Fetch(FetchStatement(query, projection, 10))->size(), 1u);
      session->Rollback();
      session->Begin(Options(), Soon());
      EXPECT_EQ(ErrorOf([&] { session->Fetch("SELECT nonsense"); }).failure().reason, Reason::kSql);
      session->Rollback();
    }
  }
}

TEST_F(PoolerTest, PoolerThatGoesAwayIsConnect) {
  const auto session = ConnectByPooler();
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
  const DatabaseError error = ErrorOf([&] { session->Begin(Options(), Soon()); });
  EXPECT_EQ(error.failure().reason, Reason::kConnect);
  EXPECT_TRUE(error.session_lost());
}

}  // namespace
}  // namespace tidegauge
