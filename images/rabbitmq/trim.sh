# Runs in the image after the packages came. What stays: the broker, AMQP 0-9-1 and 1.0, shovels and federation, the Erlang client
# and what they need. Python is there for rabbitmqadmin alone, which wants the management plugin.
cd /usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins
rm -rf rabbitmq_management* rabbitmq_web_* rabbitmq_*_management-* rabbitmq_peer_discovery_* rabbitmq_aws-* eetcd-* gun-* \
    rabbitmq_stomp-* rabbitmq_mqtt-* rabbitmq_stream* rabbitmq_prometheus-* prometheus-* quantile_estimator-* accept-* \
    rabbitmq_auth_* rabbitmq_trust_store-* rabbitmq_top-* rabbitmq_tracing-* jose-* base64url-* cowboy-* cowlib-*
# Its scripts want it to be there while it goes.
rm -f /var/lib/dpkg/info/python3*.prerm /var/lib/dpkg/info/python3*.postrm
dpkg --purge --force-depends logrotate cron cron-daemon-common libpopt0 socat \
    erlang-edoc erlang-eunit erlang-ftp erlang-tftp erlang-snmp erlang-ssh erlang-odbc erlang-diameter erlang-erl-docgen erlang-eldap \
    $(dpkg-query -W -f '${Package}\n' 'python3*' 'libpython3*' media-types 2>/dev/null)
cd /usr/lib/erlang
# Headers, sources, tools that compile or watch.
find . -type d \( -name src -o -name include -o -name examples -o -name emacs \) -prune -exec rm -rf {} +
rm -rf erts-*/bin/dialyzer erts-*/bin/typer erts-*/bin/ct_run bin/typer bin/dialyzer erts-*/lib lib/wx-* lib/jinterface-*
rm -rf /etc/rabbitmq /etc/default/rabbitmq-server /etc/init.d/rabbitmq-server /etc/logrotate.d /usr/lib/ocf /var/lib/rabbitmq \
    /usr/sbin/rabbitmq* /usr/bin/rabbitmqadmin
install -d -o rabbitmq -g rabbitmq -m 0700 /var/lib/rabbitmq
