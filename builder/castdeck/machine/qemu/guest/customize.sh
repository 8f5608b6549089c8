# Runs in the new system's root, before it has ever booted.
set -e
. /usr/lib/castdeck/settings
useradd --create-home --shell /bin/bash "$CASTDECK_USER"
usermod --append --groups sudo "$CASTDECK_USER"
getent group docker >/dev/null && usermod --append --groups docker "$CASTDECK_USER"
printf '%s ALL=(ALL) NOPASSWD: ALL\nDefaults !use_pty\n' "$CASTDECK_USER" >/etc/sudoers.d/castdeck
chmod 440 /etc/sudoers.d/castdeck
home=/home/$CASTDECK_USER
touch "$home/.hushlogin"
chown "$CASTDECK_USER:" "$home/.hushlogin"
grep '^CASTDECK_PROMPT=' /usr/lib/castdeck/settings | sed 's/^CASTDECK_PROMPT=/PS1=/' >>"$home/.bashrc"
rm --force "$home/.bash_logout"
case $CASTDECK_LOCALE in
C.*) ;;
*)
    echo "$CASTDECK_LOCALE UTF-8" >/etc/locale.gen
    locale-gen
    ;;
esac
# A machine that goes down waits this long, not 90 s, for a shell or a background job that ignores SIGTERM.
mkdir -p /etc/systemd/system.conf.d
printf '[Manager]\nDefaultTimeoutStopSec=15s\n' >/etc/systemd/system.conf.d/castdeck.conf
systemctl enable castdeck-terminal.service qemu-guest-agent.service
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer \
    systemd-timesyncd.service e2scrub_reap.service getty@tty1.service serial-getty@hvc0.service; do
    systemctl mask "$unit" 2>/dev/null || true
done
[ -e /lib/systemd/system/docker.service ] && systemctl enable docker.service
passwd --lock root
: >/etc/machine-id
