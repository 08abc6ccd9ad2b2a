# Runs in the image after the packages came.
rm -rf /etc/redis /var/lib/redis /etc/default/redis-server
install -d -o redis -g redis -m 0700 /data
