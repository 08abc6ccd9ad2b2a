# Runs in the image after the packages came. Debian's cluster wrappers (perl), the JIT compiler (LLVM) and the
# locale sources are two thirds of what was installed, and none of them runs here; see images/README.md.
rm -rf /usr/lib/postgresql/*/lib/bitcode /usr/lib/postgresql/*/lib/llvmjit* /usr/share/postgresql/*/man
dpkg --purge --force-depends \
    postgresql-common postgresql-client-common libllvm14 libz3-4 ssl-cert openssl locales libc-l10n \
    libedit2 libbsd0 sensible-utils \
    perl perl-modules-5.36 libperl5.36 libjson-perl libgdbm-compat4 libgdbm6
rm -rf /etc/ssl/private/* /etc/ssl/certs/ssl-cert-snakeoil.pem /etc/postgresql /etc/postgresql-common
install -d -o postgres -g postgres -m 0700 /var/lib/postgresql /var/lib/postgresql/data
