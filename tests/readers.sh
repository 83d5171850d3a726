#!/bin/sh
# Makes sure that LibreOffice and poppler are there: the tests open every file that we write in a real reader.
# Where they cannot be had it says so; the tests of files then skip LibreOffice and pdftotext, and say that too.
set -u
if command -v soffice >/dev/null 2>&1 && command -v pdftotext >/dev/null 2>&1; then exit 0; fi
if command -v apt-get >/dev/null 2>&1; then
  echo "installing Debian's LibreOffice and poppler for the tests of files"
  if [ "$(id -u)" = 0 ]; then as=""; else as="sudo -n"; fi
  ($as apt-get update -qq &&
    $as apt-get install -y -qq --no-install-recommends libreoffice-impress libreoffice-calc poppler-utils) >/dev/null 2>&1
  command -v soffice >/dev/null 2>&1 && command -v pdftotext >/dev/null 2>&1 && exit 0
fi
echo "No LibreOffice or no pdftotext: the tests skip them (Debian: apt-get install libreoffice-impress libreoffice-calc poppler-utils)." >&2
exit 0
