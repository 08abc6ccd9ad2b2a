# Runs in the image before the packages come: the user has the same number in every build, so a volume keeps its owner.
groupadd --gid 60903 etcd
useradd --uid 60903 --gid etcd --no-create-home --home-dir /var/lib/etcd --shell /usr/sbin/nologin etcd
