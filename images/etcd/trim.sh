# Runs in the image after the packages came.
rm -rf /etc/default/etcd /etc/init.d/etcd /lib/systemd /var/lib/etcd
install -d -o etcd -g etcd -m 0700 /var/lib/etcd
