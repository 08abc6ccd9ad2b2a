# Runs in the image after the packages came. The server's messages stay in English only; no configuration file is read.
find /usr/share/mysql -mindepth 2 -name errmsg.sys ! -path '*/english/*' -delete
find /usr/share/mysql -mindepth 1 -type d -empty -delete
rm -rf /usr/bin/innochecksum /usr/bin/mariadb-upgrade /usr/share/mysql/mysql_test_data_timezone.sql \
    /etc/mysql /var/lib/mysql
install -d -o mysql -g mysql -m 0700 /var/lib/mysql
