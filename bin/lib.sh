# shellcheck shell=sh
# What the scripts in bin/ and bench/ share. A script sets ROOT (the
# repository) and then sources this file.
# shellcheck disable=SC2034 # not every script uses every name
# shellcheck disable=SC2016 # $ inside node programs is theirs

# The versions everything is built with. cargo-leptos 0.3.11 and wasm-bindgen
# 0.2.130 do not build with Rust 1.95. `bin/test scripts` compares these lines
# with Cargo.toml and bin/tools/package.json.
RUST_VERSION=1.95.0
CARGO_LEPTOS_VERSION=0.3.10
WASM_BINDGEN_VERSION=0.2.129
BINARYEN_VERSION=132
NODE_MAJOR=20

# Outside the repository, so that every clone on a machine shares the tools.
TOOLS=${FIXDESK_TOOLS:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/fixdesk/tools}
CARGO_LEPTOS_DIR=$TOOLS/cargo-leptos-$CARGO_LEPTOS_VERSION
WASM_BINDGEN_DIR=$TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION
BINARYEN_DIR=$TOOLS/binaryen-$BINARYEN_VERSION

say() { printf '==> %s\n' "$*" >&2; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# The comment at the top of a script is its help text.
print_help() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0"; }

# at_least 1.95.0 1.97.1: is the second version the first or newer?
at_least() {
    [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$1" ]
}

# --- PATH -------------------------------------------------------------------

rust_version() { rustc --version 2>/dev/null | cut -d ' ' -f 2; }

# The machine's own Rust if it is new enough, else the pinned one beside it.
use_rust() {
    have cargo || PATH=${CARGO_HOME:-${HOME:-}/.cargo}/bin:$PATH
    if ! at_least "$RUST_VERSION" "$(rust_version)"; then
        RUSTUP_TOOLCHAIN=$RUST_VERSION
        export RUSTUP_TOOLCHAIN
    fi
}

# The pinned tools come first: cargo-leptos takes what it finds on PATH, and
# Debian's own wasm-opt is too old for it.
use_tools() {
    use_rust
    PATH=$CARGO_LEPTOS_DIR/bin:$WASM_BINDGEN_DIR/bin:$BINARYEN_DIR/node_modules/.bin:$PATH
    export PATH
}

# --- Packages ---------------------------------------------------------------

apt_install() {
    have apt-get || die "please install the equivalent of these Debian packages: $*"
    if [ "$(id -u)" = 0 ]; then
        as_root=
    elif have sudo && sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        die "missing packages; please run: sudo apt-get install $*"
    fi
    say "Installing $* with apt"
    $as_root apt-get -q -o DPkg::Lock::Timeout=300 update </dev/null >&2 || say "apt-get update failed; trying without"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 install "$@" </dev/null >&2 || die "apt could not install: $*"
}

# Installs a folder's npm packages from its lock file, unless they are there.
npm_install() {
    cmp -s "$1/package-lock.json" "$1/node_modules/.installed-lock.json" && return 0
    say "Installing npm packages in $1"
    PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --prefix "$1" --no-audit --no-fund --loglevel=error </dev/null >&2
    cp "$1/package-lock.json" "$1/node_modules/.installed-lock.json"
}

# --- Ports and servers ------------------------------------------------------

# A port nobody listens on now; somebody may in a moment, so be ready to retry.
free_port() {
    node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })'
}

# wait_http URL PID SECONDS: until the server answers at all, or has died.
wait_http() {
    node -e '
        const [url, pid, seconds] = process.argv.slice(1);
        const end = Date.now() + seconds * 1000;
        const fail = why => { console.error(`${url}: ${why}`); process.exit(1) };
        (async () => {
            for (;;) {
                try { await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) }); return } catch {}
                try { process.kill(pid, 0) } catch { fail("the server has stopped") }
                if (Date.now() > end) fail(`no answer in ${seconds} s`);
                await new Promise(done => setTimeout(done, 20));
            }
        })()' "$1" "$2" "$3"
}

# --- Processes --------------------------------------------------------------

# A zombie has stopped, though kill still finds it.
alive() {
    kill -0 "$1" 2>/dev/null && ! grep -qs '^State:[[:space:]]*Z' "/proc/$1/status"
}

# stop_group PID [SECONDS]: ends a process started with setsid and all its
# descendants, politely first.
stop_group() {
    kill -s TERM -- "-$1" 2>/dev/null || return 0
    patience=$((${2:-10} * 10))
    while alive "$1" && [ "$patience" -gt 0 ]; do
        sleep 0.1
        patience=$((patience - 1))
    done
    kill -s KILL -- "-$1" 2>/dev/null || :
    wait "$1" 2>/dev/null || :
}

# Runs a command that stop_supervised can end with all its descendants. A
# plain foreground child would keep this shell from running its traps.
SUPERVISED=
supervise() {
    exec 3<&0
    setsid "$@" <&3 3<&- &
    SUPERVISED=$!
    exec 3<&-
    supervised_status=0
    wait "$SUPERVISED" || supervised_status=$?
    SUPERVISED=
    return "$supervised_status"
}

# Patient enough for bin/pg to stop its own child and its server.
stop_supervised() {
    [ -z "$SUPERVISED" ] || stop_group "$SUPERVISED" 30
    SUPERVISED=
}

# on_exit FUNCTION: runs it once, however this script ends (short of SIGKILL).
on_exit() {
    # shellcheck disable=SC2064 # the name is wanted now
    trap "trap - EXIT; trap '' HUP INT TERM; $1" EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
}

# --- Databases --------------------------------------------------------------

# Where databases of tests are, which nobody misses: in memory, if there is room,
# since half of the time of such a test goes into waiting for the disk.
memory_folder() {
    free=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
    if [ -z "${TMPDIR:-}" ] && [ -w /dev/shm ] && [ "${free:-0}" -gt 2000000 ]; then
        printf '/dev/shm\n'
    else
        printf '%s\n' "${TMPDIR:-/tmp}"
    fi
}

# sqlite:data/x.db?mode=rwc -> data/x.db; nothing for another kind of URL.
sqlite_file() {
    case $1 in
        sqlite::memory:*) ;;
        sqlite:*) printf '%s\n' "$1" | sed 's|^sqlite:||; s|^//||; s|?.*||' ;;
    esac
}

# fill_demo BINARY FILE: a half-filled database must not pass for a filled one, nor
# may photos be left behind that belong to it.
fill_demo() {
    mkdir -p "$(dirname -- "$2")"
    demo_file=$2
    demo_photos=${FIXDESK_PHOTOS:-$(dirname -- "$2")/photos}
    [ ! -e "$demo_photos" ] || demo_photos=''
    trap 'drop_demo; exit 130' INT
    trap 'drop_demo; exit 143' HUP TERM
    DATABASE_URL=sqlite:$2 "$1" demo || { drop_demo; die "fixdesk demo failed"; }
    trap - HUP INT TERM
}

drop_demo() {
    rm -f "$demo_file" "$demo_file-wal" "$demo_file-shm"
    case $demo_photos in '' | *://*) ;; *) rm -rf "$demo_photos" ;; esac
}

# --- The release build ------------------------------------------------------

RELEASE=$ROOT/target/release
STAMP=$RELEASE/.built

# Everything in the repository counts as a source, except what surely is none.
release_is_current() {
    [ -f "$STAMP" ] && [ -x "$RELEASE/fixdesk" ] && [ -f "$RELEASE/hash.txt" ] && [ -d "$ROOT/target/site/pkg" ] || return 1
    changed=$(cd "$ROOT" && find . \
        \( -path ./target -o -path ./dist -o -path ./data -o -path ./.git -o -path ./.ci -o -path ./bin \
        -o -path ./bench -o -path ./docs -o -path ./tests -o -path ./end2end \) -prune \
        -o ! -name . ! -name '*.md' ! -name '.git*' -newer "$STAMP" -print | head -n 1)
    [ -z "$changed" ]
}

# build_release [supervise], in ROOT. The stamp is as old as the start of the
# build: an edit made meanwhile counts.
build_release() {
    mkdir -p "$RELEASE"
    : >"$STAMP.new"
    "$@" cargo leptos build --release --precompress || return 1
    # Type declarations are for programs that are compiled against the package.
    find target/site/pkg -name '*.d.*ts*' -exec rm {} +
    mv "$STAMP.new" "$STAMP"
}
