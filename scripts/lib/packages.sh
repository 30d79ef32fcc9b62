# Which Debian packages what needs. To be sourced. The names are the same on Debian 12 and 13.

# To compile build/tidegauge.
packages_build="g++ cmake ninja-build pkg-config libpqxx-dev libpq-dev libmicrohttpd-dev
  prometheus-cpp-dev zlib1g-dev libyaml-cpp-dev libspdlog-dev nlohmann-json3-dev libcli11-dev"

# To run scripts/demo once it is compiled.
packages_demo="postgresql postgresql-client curl ca-certificates"

# To compile and run every test, with both compilers, the sanitizers, the linters and benchmarks.
packages_test="libgtest-dev googletest libbenchmark-dev clang clang-tidy clang-format libclang-rt-dev
  llvm ccache git python3 prometheus pgbouncer procps shellcheck"
