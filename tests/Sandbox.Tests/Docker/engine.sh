# The Docker engine of the tests, for ./dev, which has `say` and `need`. One that answers is used; as root, where none does, one of our own is
# started, in a folder of its own, without a network, and ended afterwards. BOTS_TEST_DOCKER is its socket; without one the tests are skipped.

engine_folder=
engine_process=

start_engine() {
  local host=${DOCKER_HOST:-unix:///var/run/docker.sock}
  if [ -n "${BOTS_TEST_DOCKER:-}" ]; then
    host=unix://$BOTS_TEST_DOCKER
  elif ! answers "$host"; then
    if [ "$(id -u)" != 0 ]; then
      say "no Docker engine answers, and only root can start one: its tests are skipped"
      return 0
    fi
    install_docker || { say "Docker cannot be installed: its tests are skipped"; return 0; }
    # Where installing it has started it.
    answers "$host" || own_engine || { say "no Docker engine can be started here: its tests are skipped"; return 0; }
    [ -z "$engine_folder" ] || host=unix://$engine_folder/docker.sock
  fi

  case $host in unix://*) ;; *) say "$host is no Unix socket: the Docker tests are skipped"; return 0 ;; esac
  if ! docker -H "$host" image inspect bots-test:latest >/dev/null 2>&1; then
    say "making the image of the Docker tests"
    tests/Sandbox.Tests/Docker/image.sh | docker -H "$host" import - bots-test:latest >/dev/null
  fi
  export BOTS_TEST_DOCKER=${host#unix://}
}

# The program `docker` is a package of its own in later Debians.
install_docker() {
  command -v dockerd >/dev/null || (need docker.io) || true
  command -v docker >/dev/null || (need docker-cli) || true
  command -v dockerd >/dev/null && command -v docker >/dev/null
}

answers() { docker -H "$1" version >/dev/null 2>&1; }

own_engine() {
  say "starting a Docker engine"
  engine_folder=$(mktemp -d /tmp/bots-dockerd-XXXXXX)
  setsid dockerd --data-root "$engine_folder/data" --exec-root "$engine_folder/exec" --pidfile "$engine_folder/pid" -H "unix://$engine_folder/docker.sock" \
    --bridge=none --iptables=false --ip6tables=false >"$engine_folder/log" 2>&1 </dev/null &
  engine_process=$!
  for _ in $(seq 120); do
    if answers "unix://$engine_folder/docker.sock"; then return 0; fi
    kill -0 "$engine_process" 2>/dev/null || break
    sleep 0.25
  done
  tail -n 3 "$engine_folder/log" >&2
  stop_engine
  return 1
}

# Only ever our own.
stop_engine() {
  if [ -n "$engine_process" ]; then
    kill "$engine_process" 2>/dev/null || true
    wait "$engine_process" 2>/dev/null || true
    engine_process=
  fi
  if [ -n "$engine_folder" ]; then
    awk -v folder="$engine_folder/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do umount -l "$mount"; done
    rm -rf "$engine_folder"
    engine_folder=
  fi
}
