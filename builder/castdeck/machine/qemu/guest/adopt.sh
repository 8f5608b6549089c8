# Runs in an image that has booted, as root: makes of it what customize.sh makes of a new system, and first sees to what
# such an image has that a new system has not. A user of that name may be there, and then stays as it is.
set -e
. /usr/lib/castdeck/settings
useradd() {
    id "$CASTDECK_USER" >/dev/null 2>&1 || command useradd "$@"
}
systemctl() { # the system is switched off next: what runs need not be told, which takes seconds each time
    if [ "$1" = mask ]; then
        ln --symbolic --force /dev/null "/etc/systemd/system/$2"
    else
        command systemctl --root=/ "$@"
    fi
}
getent group sudo >/dev/null || groupadd --system sudo
case $CASTDECK_LOCALE in
C.*) ;;
*)
    command -v locale-gen >/dev/null || {
        echo "it can't make the locale $CASTDECK_LOCALE: there is no locale-gen (Debian's package locales)" >&2
        exit 1
    }
    ;;
esac
echo "LANG=$CASTDECK_LOCALE" >/etc/default/locale
if [ -d /etc/cloud ]; then
    : >/etc/cloud/cloud-init.disabled
fi
for unit in unattended-upgrades.service systemd-networkd-wait-online.service NetworkManager-wait-online.service \
    serial-getty@ttyS0.service serial-getty@ttyAMA0.service; do
    systemctl mask "$unit" 2>/dev/null || true
done
echo debian >/etc/hostname
grep -q ' debian$' /etc/hosts || echo '127.0.1.1 debian' >>/etc/hosts
. /usr/lib/castdeck/customize
