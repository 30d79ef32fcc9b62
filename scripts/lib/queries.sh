# Functions that read gauge files in shell, for what needs psql and not the sampler. To be sourced.

# The params of a file's header (written on one line) as SET statements.
query_settings() {
  sed -n 's/^-- params: *{\(.*\)} *$/\1/p' "$1" | tr ',' '\n' |
    sed -n "s/^ *\([a-z0-9_]*\): *\(.*[^ ]\) *$/SET tidegauge.\1 = '\2';/p"
}

# The file without its header and the final semicolon.
query_statement() {
  sed '/^--/d; s/; *$//' "$1"
}

# The names of the gauges that it feeds.
query_gauges() {
  sed -n 's/^-- gauge: *\([a-z0-9_]*\) *$/\1/p; s/^--   \([a-z0-9_]*\): {.*value:.*$/\1/p' "$1"
}
