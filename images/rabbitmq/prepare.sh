# Runs in the image before the packages come: the user has the same number in every build, so a volume keeps its owner.
groupadd --gid 60904 rabbitmq
useradd --uid 60904 --gid rabbitmq --no-create-home --home-dir /var/lib/rabbitmq --shell /usr/sbin/nologin rabbitmq
