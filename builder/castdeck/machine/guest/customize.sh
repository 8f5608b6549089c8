# Runs in the new system's root, before it has ever booted.
set -e
useradd --create-home --shell /bin/bash student
usermod --append --groups sudo student
getent group docker >/dev/null && usermod --append --groups docker student
echo 'student ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/student
chmod 440 /etc/sudoers.d/student
touch /home/student/.hushlogin
chown student:student /home/student/.hushlogin
sed -i "s|^    PS1=.*debian_chroot.*|    PS1='\\\\u@\\\\h:\\\\w\\\\$ '|" /home/student/.bashrc
rm --force /home/student/.bash_logout
cat /root/castdeck-marks.sh >>/etc/bash.bashrc
echo 'Defaults !use_pty' >/etc/sudoers.d/castdeck
chmod 440 /etc/sudoers.d/castdeck
rm /root/castdeck-marks.sh
systemctl enable castdeck-terminal.service qemu-guest-agent.service
for unit in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer dpkg-db-backup.timer \
    systemd-timesyncd.service e2scrub_reap.service; do
    systemctl mask "$unit" 2>/dev/null || true
done
[ -e /lib/systemd/system/docker.service ] && systemctl enable docker.service
passwd --lock root
: >/etc/machine-id
