# Runs in the image before the packages come: the user has the same number in every build, so a volume keeps its owner.
groupadd --gid 60901 postgres
useradd --uid 60901 --gid postgres --no-create-home --home-dir /var/lib/postgresql --shell /usr/sbin/nologin postgres
# The package makes a cluster of its own unless told not to.
install -d /etc/postgresql-common
echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
