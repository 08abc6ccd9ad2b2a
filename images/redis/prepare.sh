# Runs in the image before the packages come: the user has the same number in every build, so a volume keeps its owner.
groupadd --gid 60900 redis
useradd --uid 60900 --gid redis --no-create-home --home-dir /data --shell /usr/sbin/nologin redis
