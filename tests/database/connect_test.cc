// Connecting: libpq's forms and files, what a failure says, and that no secret is in it.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>

#include "database/database.h"
#include "database/test_server.h"
#include "support/breakable_proxy.h"

namespace tidegauge {
namespace {

class ConnectTest : public ServerTest {
 protected:
  void SetUp() override {
    ServerTest::SetUp();
    directory_ = std::filesystem::temp_directory_path() / ("tidegauge-" + database_name_);
    std::filesystem::create_directories(directory_);
  }
  void TearDown() override {
    std::filesystem::remove_all(directory_);
    ServerTest::TearDown();
  }

  void Write(const std::string& file, const std::string& text) {
    std::ofstream(directory_ / file, std::ios::binary) << text;
  }

  std::unique_ptr<Session> ConnectIn(const DatabaseConfig& config) {
    return MakePostgres(config, directory_.string(), *watchdog_)->Connect(Soon());
  }

  DatabaseError Fail(const DatabaseConfig& config) {
    return ErrorOf([&] { ConnectIn(config); });
  }

  std::filesystem::path directory_;
};

// Listens with a full backlog: the kernel drops what else comes, as a firewall does.
class FullListener {
 public:
  FullListener() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    auto* plain = reinterpret_cast<sockaddr*>(&address);
    sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    EXPECT_EQ(bind(sockets_[0], plain, length), 0);
    EXPECT_EQ(listen(sockets_[0], 0), 0);
    EXPECT_EQ(getsockname(sockets_[0], plain, &length), 0);
    port_ = ntohs(address.sin_port);
    for (int i = 0; i < 4; ++i) {
      sockets_.push_back(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
      connect(sockets_.back(), plain, length);
    }
  }
  ~FullListener() {
    for (const int each : sockets_) close(each);
  }
  std::uint16_t port() const { return port_; }

 private:
  std::vector<int> sockets_;
  std::uint16_t port_ = 0;
};

constexpr const char* kUnreadable =
    "database 'app': the url cannot be read as one of libpq's connection strings (its text is not "
    "shown: it may hold a password); percent-encode the password, or use password_file";

TEST_F(ConnectTest, NoPieceOfAPasswordIsEverTold) {
  struct Case {
    const char* url;
    std::vector<const char*> pieces;
  };
  const Case cases[] = {
      {"postgresql://u:sesa/meopen@localhost/db", {"sesa", "meopen"}},
      {"postgresql://u:sesa@meopen@localhost/db", {"sesa", "meopen"}},
      {"postgresql://u:sesa%meopen@localhost/db", {"sesa", "meopen"}},
      {"postgresql://u:sesa%zzmeopen@localhost/db", {"sesa", "meopen"}},
      {"postgres://u:1234/meopen@localhost/db", {"1234", "meopen"}},
      {"postgres://u:sesa:meopen/x@localhost", {"sesa", "meopen"}},
      {"postgres://u:sesa/meopen?x@localhost/db", {"sesa", "meopen"}},
      {"postgres://u:1234/meopen?user=x@localhost/db", {"1234", "meopen"}},
      {"postgres://u:[sesa/meopen@localhost/db", {"sesa", "meopen"}},
      {"postgres://me@corp:sesameopen@localhost/db", {"sesameopen"}},
      {"postgres://u:sesa\nmeopen/x@localhost/db", {"sesa", "meopen"}},
      {"u:sesa/meopen@localhost/db", {"sesa", "meopen"}},
      {"sesameopen", {"sesameopen"}},
      {"host=u:sesa/meopen@localhost dbname=db", {"sesa", "meopen"}},
      {"host=u:sesameopen@localhost dbname=db", {"sesameopen"}},
      {"host=localhost password=sesa meopen dbname=db", {"sesa", "meopen"}},
      {"host=localhost password=sesa meopen=x dbname=db", {"sesa", "meopen"}},
      {"host=localhost password='sesa'meopen dbname=db", {"sesa", "meopen"}},
      {"host=localhost password='sesa meopen dbname=db", {"sesa", "meopen"}},
      {"host=localhost port=sesameopen dbname=db", {"sesameopen"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.url);
    DatabaseConfig config;
    config.url = c.url;
    const DatabaseError error = Fail(config);
    EXPECT_EQ(error.failure().reason, Reason::kConnect);
    EXPECT_STREQ(error.what(), kUnreadable);
    for (const char* piece : c.pieces) {
      EXPECT_EQ(std::string(error.what()).find(piece), std::string::npos) << piece;
    }

    Write("url", c.url);
    DatabaseConfig from_file;
    from_file.url_file = "url";
    EXPECT_EQ(std::string(Fail(from_file).what()),
              "database 'app': the connection string in url_file url cannot be read as one of "
              "libpq's connection strings (its text is not shown: it may hold a password); "
              "percent-encode the password, or use password_file");
  }
}

TEST_F(ConnectTest, WellFormedPasswordsAreNotToldEither) {
  // The server is reached and refuses, or is not reached at all.
  for (const std::string password : {"sesameopen", "p@ss/word%", "Qz"}) {
    Write("password", password + "\n");
    for (const std::string& where :
         {Url(reader_ + password, "host=" + Environment("PGHOST")),
          Url("x", "host=127.0.0.1 port=1"), Url("x", "host=" + password + ".invalid"),
          Url("x", "host=/nowhere" + password), "dbname=" + password + " user=" + reader_}) {
      DatabaseConfig config;
      config.password_file = "password";
      config.url = where;
      const bool sane = where.find("host=p@ss") == std::string::npos;
      const DatabaseError error = Fail(config);
      EXPECT_EQ(error.failure().reason, Reason::kConnect);
      EXPECT_EQ(std::string(error.what()).find(password), std::string::npos) << error.what();
      if (!sane) {
        EXPECT_STREQ(error.what(), kUnreadable);
      }
    }
  }
}

TEST_F(ConnectTest, TakesEveryFormOfLibpq) {
  const std::string host = Environment("PGHOST");
  const std::string port = Environment("PGPORT");
  std::string encoded;
  for (const char c : host) encoded += c == '/' ? "%2F" : std::string(1, c);
  for (const std::string& url : {
           Url(reader_),
           "postgresql://" + reader_ + "@127.0.0.1:" + port + "/" + database_name_,
           "postgres://" + reader_ + ":p%40ss%2F%25@127.0.0.1/" + database_name_,
           "postgresql://" + reader_ + "@" + encoded + ":" + port + "/" + database_name_,
           "postgresql:///" + database_name_ + "?host=" + host + "&user=" + reader_,
           "host=" + host + " port=" + port + " user=" + reader_ + " dbname=" + database_name_ +
               " password='p a/s@s'",
           "postgresql://" + reader_ + "@127.0.0.1:1,127.0.0.1:" + port + "/" + database_name_ +
               "?connect_timeout=3&application_name=a@b",
           "host=127.0.0.1 hostaddr=127.0.0.1 user=" + reader_ + " dbname=" + database_name_,
       }) {
    SCOPED_TRACE(url);
    DatabaseConfig config;
    config.url = url;
    const auto session = ConnectIn(config);
    EXPECT_EQ(session->info().role, reader_);
  }
}

TEST_F(ConnectTest, WithoutAUrlLibpqsVariablesHold) {
  const auto session = ConnectIn(DatabaseConfig());
  EXPECT_EQ(session->info().role, "postgres");
  EXPECT_GE(session->info().server_version, 100000);
}

TEST_F(ConnectTest, PasswordIsReadAgainAtEachConnect) {
  Admin("ALTER ROLE " + reader_ + " PASSWORD 'second'");
  // Only a connection by TCP asks for one, and only for this role.
  const std::string hba = Admin("SHOW hba_file");
  std::ifstream in(hba);
  const std::string before((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  std::ofstream(hba) << "host all " << reader_ << " 127.0.0.1/32 scram-sha-256\n" << before;
  Admin("SELECT pg_reload_conf()");
  ASSERT_TRUE(Eventually([&] {
    return Admin("SELECT count(*) FROM pg_hba_file_rules WHERE '" + reader_ +
                 "' = ANY (user_name)") == "1";
  }));

  DatabaseConfig config;
  config.url = Url(reader_, "host=127.0.0.1 password=stale");
  config.password_file = "password";
  const auto database = MakePostgres(config, directory_.string(), *watchdog_);
  Write("password", "first\n");
  DatabaseError error = ErrorOf([&] { database->Connect(Soon()); });
  EXPECT_EQ(error.failure().sqlstate, "28P01");
  EXPECT_EQ(std::string(error.what()),
            "database 'app': cannot connect: connection to server at \"127.0.0.1\", port " +
                Environment("PGPORT") + " failed: password authentication failed for user \"" +
                reader_ + "\" (28P01)");
  Write("password", "second\r\n");
  EXPECT_EQ(database->Connect(Soon())->info().role, reader_);

  std::ofstream(hba) << before;
  Admin("SELECT pg_reload_conf()");
}

TEST_F(ConnectTest, FilesThatCannotBeReadAreNamed) {
  Write("empty", "\n");
  Write("nothing", "");
  std::filesystem::create_directory(directory_ / "folder");
  const std::string base = directory_.string() + "/";
  struct Case {
    const char* file;
    std::string message;
  };
  for (const auto& [file, message] : {
           Case{"gone", "cannot read password_file " + base +
                            "gone: No such file or directory; see that the file is there and "
                            "readable for tidegauge's user"},
           Case{"empty", "password_file " + base + "empty is empty: write the value into it"},
           Case{"nothing", "password_file " + base + "nothing is empty: write the value into it"},
           Case{"folder", "cannot read password_file " + base +
                              "folder: Is a directory; see that the file is there and readable for "
                              "tidegauge's user"},
       }) {
    DatabaseConfig config = ReaderConfig();
    config.password_file = file;
    const DatabaseError error = Fail(config);
    EXPECT_EQ(error.failure().reason, Reason::kConnect);
    EXPECT_EQ(std::string(error.what()), "database 'app': " + message);
  }
  DatabaseConfig config;
  config.url_file = directory_ / "gone";  // absolute: taken as it is
  EXPECT_NE(std::string(Fail(config).what()).find("cannot read url_file " + base + "gone: No such"),
            std::string::npos);
}

TEST_F(ConnectTest, UnixUrlFileIsRead) {
  Write("url", Url(reader_) + "\n");
  DatabaseConfig config;
  config.url_file = "url";
  EXPECT_EQ(ConnectIn(config)->info().role, reader_);
}

TEST_F(ConnectTest, RefusalsCarryTheirSqlstate) {
  DatabaseConfig config;
  config.url = "dbname=nowhere user=" + reader_;
  const DatabaseError gone = Fail(config);
  EXPECT_EQ(gone.failure().reason, Reason::kConnect);
  EXPECT_EQ(gone.failure().sqlstate, "3D000");
  EXPECT_NE(std::string(gone.what()).find("database \"nowhere\" does not exist (3D000)"),
            std::string::npos)
      << gone.what();

  Run("ALTER ROLE " + reader_ + " CONNECTION LIMIT 0");
  const DatabaseError many = Fail(ReaderConfig());
  EXPECT_EQ(many.failure().reason, Reason::kConnect);
  EXPECT_EQ(many.failure().sqlstate, "53300");

  Run("ALTER ROLE " + reader_ + " CONNECTION LIMIT -1; REVOKE CONNECT ON DATABASE " +
      database_name_ + " FROM PUBLIC");
  const DatabaseError denied = Fail(ReaderConfig());
  EXPECT_EQ(denied.failure().reason, Reason::kConnect);
  EXPECT_EQ(denied.failure().sqlstate, "42501");
}

TEST_F(ConnectTest, RefusedPortSaysSo) {
  DatabaseConfig config;
  config.url = "host=127.0.0.1 port=1";
  EXPECT_STREQ(
      Fail(config).what(),
      "database 'app': cannot connect: connection to server at \"127.0.0.1\", port 1 failed: "
      "Connection refused Is the server running on that host and accepting TCP/IP "
      "connections?");
}

TEST_F(ConnectTest, SilentServerIsGivenUpAtTheDeadline) {
  BreakableProxy proxy;
  proxy.SetMode(BreakableProxy::Mode::kBlackHole);
  DatabaseConfig config;
  config.url = "host=127.0.0.1 port=" + std::to_string(proxy.port());
  const auto database = Make(config);
  const DatabaseError error = ErrorOf([&] {
    database->Connect(std::chrono::steady_clock::now() + std::chrono::milliseconds(300));
  });
  EXPECT_EQ(error.failure().reason, Reason::kConnect);
  EXPECT_STREQ(error.what(),
               "database 'app': cannot connect: no connection within 300ms; see that host and port "
               "are right and that no firewall drops packets");
}

TEST_F(ConnectTest, ServerThatFallsSilentAfterTheLoginIsConnect) {
  // What the server is asked first hangs: as with a pooler that has no server to give.
  BreakableProxy proxy;
  DatabaseConfig config;
  config.url = Url(reader_, "host=127.0.0.1 port=" + std::to_string(proxy.port()));
  proxy.SwallowAfter("SELECT current_user");
  const auto database = Make(config);
  const DatabaseError error = ErrorOf(
      [&] { database->Connect(std::chrono::steady_clock::now() + std::chrono::seconds(1)); });
  EXPECT_EQ(error.failure().reason, Reason::kConnect);
  EXPECT_STREQ(error.what(),
               "database 'app': cannot connect: connected, but the server then gave no answer in "
               "time");
}

TEST_F(ConnectTest, ConnectTimeoutGoesOnToTheNextHost) {
  BreakableProxy silent;
  silent.SetMode(BreakableProxy::Mode::kBlackHole);
  const FullListener full;
  for (const std::uint16_t port : {silent.port(), full.port()}) {
    DatabaseConfig config;
    config.url = "host=127.0.0.1,127.0.0.1 port=" + std::to_string(port) + "," +
                 Environment("PGPORT") + " connect_timeout=1 dbname=" + database_name_;
    EXPECT_EQ(ConnectIn(config)->info().role, "postgres");
  }

  DatabaseConfig config;

  config.url = "host=127.0.0.1 port=" + std::to_string(silent.port()) + " connect_timeout=1";
  const std::string text = Fail(config).what();
  EXPECT_EQ(
      text.rfind("database 'app': cannot connect: no answer within connect_timeout (1s); ", 0), 0u)
      << text;
}

TEST_F(ConnectTest, ShutdownEndsAConnectThatHangs) {
  BreakableProxy proxy;
  proxy.SetMode(BreakableProxy::Mode::kBlackHole);
  DatabaseConfig config;
  config.url = "host=127.0.0.1 connect_timeout=0 port=" + std::to_string(proxy.port());
  const auto database = Make(config);
  auto error =
      std::async(std::launch::async, [&] { return ErrorOf([&] { database->Connect(Soon()); }); });
  ASSERT_TRUE(Eventually([&] { return proxy.connections() == 1; }));
  database->Shutdown();
  EXPECT_EQ(error.get().failure().reason, Reason::kCancelled);
}

TEST_F(ConnectTest, RoleThatMayWriteIsReported) {
  Run("CREATE TABLE items (id int); CREATE TABLE other (id int, name text); GRANT SELECT ON items, "
      "other TO " +
      reader_);
  EXPECT_FALSE(Connect()->info().role_writable);
  EXPECT_EQ(Connect()->info().writable_reason, "");

  const auto check = [&](const std::string& grant, const std::string& revoke,
                         const std::string& reason) {
    Run(grant);
    const auto session = Connect();
    EXPECT_TRUE(session->info().role_writable) << grant;
    EXPECT_EQ(session->info().writable_reason, "role " + reader_ + reason) << grant;
    Run(revoke);
    EXPECT_FALSE(Connect()->info().role_writable) << revoke;
  };
  for (const std::string privilege : {"INSERT", "UPDATE", "DELETE", "TRUNCATE", "UPDATE (id)"}) {
    check("GRANT " + privilege + " ON items TO " + reader_,
          "REVOKE " + privilege + " ON items FROM " + reader_, " may write to public.items");
  }
  check("ALTER TABLE other OWNER TO " + reader_, "ALTER TABLE other OWNER TO postgres",
        " may write to public.other");
  check("GRANT pg_write_all_data TO " + reader_, "REVOKE pg_write_all_data FROM " + reader_,
        " may write to public.items");
  check("ALTER ROLE " + reader_ + " SUPERUSER", "ALTER ROLE " + reader_ + " NOSUPERUSER",
        " is a superuser");
}

TEST_F(ConnectTest, RoleReportIsQuickWithThousandsOfTables) {
  Run("DO $$ BEGIN FOR i IN 1..3000 LOOP EXECUTE format('CREATE TABLE t%s ()', i); END LOOP; END "
      "$$");
  const auto session = Connect();
  EXPECT_EQ(session->info().role, reader_);
  EXPECT_FALSE(session->info().role_writable);
}

}  // namespace
}  // namespace tidegauge
