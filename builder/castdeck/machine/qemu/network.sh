# Run by root in a booted guest that has a network card, before it is frozen: the address is always the same, so no
# lease can run out in a snapshot.
set -e
mkdir -p /usr/lib/castdeck
cat >/usr/lib/castdeck/network <<'END'
#!/bin/sh
tries=300
while set -- /sys/class/net/e*; ! [ -e "$1" ]; do
    sleep 0.1
    tries=$((tries - 1))
    [ $tries -gt 0 ] || exit 1
done
card=${1##*/}
echo 1 >"/proc/sys/net/ipv6/conf/$card/disable_ipv6"
ip address replace 10.0.2.15/24 dev "$card"
ip link set "$card" up
ip route replace default via 10.0.2.2
# No frame to these leaves; said here, it is told at once instead of after a minute.
for network in 10.0.0.0/8 100.64.0.0/10 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16; do
    ip route replace unreachable "$network"
done
END
chmod 755 /usr/lib/castdeck/network
cat >/etc/systemd/system/castdeck-network.service <<'END'
[Unit]
Description=The network card that leads to the internet
Wants=network.target
Before=network.target castdeck-terminal.service docker.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/lib/castdeck/network

[Install]
WantedBy=multi-user.target
END
rm -f /etc/resolv.conf
echo 'nameserver 10.0.2.3' >/etc/resolv.conf
ln -s ../castdeck-network.service /etc/systemd/system/multi-user.target.wants/
/usr/lib/castdeck/network
. /etc/os-release
set -- /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources
if [ "$ID" = debian ] && ! cat "$@" 2>/dev/null | grep -q .; then
    domain=${HOME_URL#*//www.}
    for suite in "debian $VERSION_CODENAME" "debian $VERSION_CODENAME-updates" "debian-security $VERSION_CODENAME-security"; do
        echo "deb http://deb.${domain%/}/$suite main"
    done >/etc/apt/sources.list
fi
