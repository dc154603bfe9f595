# Debian and Ubuntu packages: what is missing, and how it comes. Read by .dev/setup.
# Each thing is looked for by what it gives (a library that loads, a command that exists), so a machine
# that has it from elsewhere is left alone and a second run asks apt nothing.
missing=

say() { echo "course-engine: $*" >&2; }

stop() {
    say "$*"
    exit 1
}

# want PACKAGE COMMAND...: PACKAGE is missing unless COMMAND succeeds
want() {
    package=$1
    shift
    "$@" >/dev/null 2>&1 || missing="$missing $package"
}

# Prints the packages whose library cannot be loaded; one Python for all, as each start costs time.
unloadable() {
    .venv/bin/python - "$@" <<'PYTHON'
import ctypes, sys
for pair in sys.argv[1:]:
    package, library = pair.split("=")
    try:
        ctypes.CDLL(library)
    except OSError:
        print(package)
PYTHON
}

install_system_libraries() {
    missing=" $(unloadable \
        libpango-1.0-0=libpango-1.0.so.0 \
        libpangoft2-1.0-0=libpangoft2-1.0.so.0 \
        libharfbuzz-subset0=libharfbuzz-subset.so.0 | tr '\n' ' ')"
    want fontconfig-config test -e /etc/fonts/fonts.conf
    install_missing
}

install_test_tools() {
    missing=
    want chromium command -v chromium
    want fonts-liberation test -d /usr/share/fonts/truetype/liberation
    want postgresql sh -c 'ls /usr/lib/postgresql/*/bin/initdb'
    want redis-server command -v redis-server
    want poppler-utils command -v pdftotext
    want qpdf command -v qpdf
    want strace command -v strace
    want wrk command -v wrk
    want default-jdk-headless command -v javac
    want libjaxb-java test -e /usr/share/java/jaxb-runtime.jar
    install_missing
}

install_missing() {
    set -- $missing
    if [ $# -gt 0 ]; then
        install_packages "$@"
    fi
}

install_packages() {
    as_root=
    if [ "$(id -u)" != 0 ]; then
        as_root='sudo -n'
    fi
    if ! command -v apt-get >/dev/null || { [ -n "$as_root" ] && ! sudo -n true 2>/dev/null; }; then
        stop "The system lacks $*; install with: sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    say "Installing system packages: $*"
    # The lists may be there and good: they are only fetched when the first try fails.
    apt_install "$@" >/dev/null 2>&1 && return
    $as_root apt-get -qq -o Acquire::Retries=5 update
    apt_install "$@" >/dev/null || stop "apt-get could not install $*; its own words stand above."
}

apt_install() {
    # stdin is closed and questions are off, so that no package can wait for an answer.
    # Another apt may be at work on a machine that has just started, and a line may break.
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=600 -o Acquire::Retries=5 \
        install -y --no-install-recommends "$@" </dev/null
}
