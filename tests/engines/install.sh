#!/bin/sh
# Installs what the engine tests ask and this machine lacks. What it can't install it names.
set -eu
cd "$(dirname "$0")"

has() { command -v "$1" >/dev/null 2>&1; }

packages=""
want() { packages="$packages $*"; }
has soffice || want libreoffice-calc
/usr/bin/python3 -c 'import uno' 2>/dev/null || want python3-uno
has chromium || want chromium
has pdftoppm || want poppler-utils
has javac || want default-jdk-headless
has node || want nodejs
has npm || want npm
if ! has fc-list || ! fc-list : family 2>/dev/null | grep -q 'Noto Sans Myanmar'; then want fonts-noto-core fontconfig; fi

if [ -n "$packages" ]; then
  as_root=""
  [ "$(id -u)" -eq 0 ] || { has sudo && as_root="sudo"; } || has_rights=no
  if has apt-get && [ "${has_rights:-yes}" = yes ]; then
    echo "installing$packages"
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086 # one word a package
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null
  else
    echo "please install these yourself (the names are Debian's):$packages" >&2
  fi
fi

# Versions are exact in package.json. A lock file would hold addresses, so there is none.
if has npm; then
  (cd node && npm install --no-package-lock --no-audit --no-fund --loglevel=error)
fi

# An old package of pyxform carries the forms that it was tested with; the tests of the import read them.
python=../../.venv/bin/python
[ -x "$python" ] || python=python3
"$python" -m pip download -q --no-deps --no-binary :all: pyxform==0.15.1 ||
  echo "the example forms of pyxform could not be fetched; the tests of the import do without" >&2
