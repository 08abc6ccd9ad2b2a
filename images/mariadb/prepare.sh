# Runs in the image before the packages come: the user has the same number in every build, so a volume keeps its owner.
groupadd --gid 60902 mysql
useradd --uid 60902 --gid mysql --no-create-home --home-dir /var/lib/mysql --shell /usr/sbin/nologin mysql
