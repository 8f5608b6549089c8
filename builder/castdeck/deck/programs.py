"""Names of programs, to tell commands from output."""

SHELLS = frozenset({"sh", "bash", "dash", "zsh", "fish", "ash", "ksh", "csh", "tcsh", "pwsh", "powershell", "nu"})

# Programs whose names may also begin an English sentence.
WORDS = frozenset(
    """
    at break clear compare complete continue convert copy cut display enable exit expand file find fold
    head help history host identify import install jobs join kill last less link local login look mail make module
    more mount next nice open pass paste patch read return screen script set size sleep sort source split
    start step stop strip suspend tail task test time top touch type view wait wall watch which who write yes
    """.split()  # noqa: SIM905
)

# Words that begin lines in other languages and file formats.
KEYWORDS = frozenset(
    """
    bind-key class const def deb deb-src from func fn impl import include interface namespace package private public
    require set-option set-window-option setw struct total unbind unbind-key use using var
    """.split()  # noqa: SIM905
)

# Programs that print words or paths, which look like commands.
PRINTERS = frozenset(
    "basename dirname find hostname id ls mktemp nproc pwd readlink realpath uname which whoami".split()  # noqa: SIM905
)

# Package managers of different systems: commands of several of them are alternatives.
PACKAGE_MANAGERS = {
    **dict.fromkeys(("apt", "apt-get", "aptitude"), "Debian"),
    **dict.fromkeys(("dnf", "yum", "microdnf"), "Fedora"),
    **dict.fromkeys(("pacman", "yay", "paru"), "Arch"),
    "zypper": "openSUSE",
    "apk": "Alpine",
    "emerge": "Gentoo",
    **dict.fromkeys(("brew", "port"), "macOS"),
    **dict.fromkeys(("choco", "winget", "scoop"), "Windows"),
}

# Names of operating systems in comments.
SYSTEMS = {
    **dict.fromkeys(("macos", "mac", "osx", "darwin", "homebrew"), "macOS"),
    **dict.fromkeys(("windows", "powershell", "chocolatey"), "Windows"),
    **dict.fromkeys(("debian", "ubuntu", "mint"), "Debian"),
    **dict.fromkeys(("fedora", "rhel", "centos", "rocky", "redhat"), "Fedora"),
    **dict.fromkeys(("arch", "manjaro"), "Arch"),
    **dict.fromkeys(("opensuse", "suse"), "openSUSE"),
    "alpine": "Alpine",
    "linux": "Linux",
}

# Well-known programs and builtins. A name that is missing here may still be a program.
KNOWN = (
    SHELLS
    | PACKAGE_MANAGERS.keys()
    | frozenset(
        """
    . : [ alias bg bind break builtin caller cd command compgen complete continue declare dirs disown echo enable
    eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile popd printf pushd
    pwd read readarray readonly return set shift shopt source suspend test time times trap true type typeset ulimit
    umask unalias unset wait awk base32 base64 basename bc bzcat bzip2 cal cat chgrp chmod chown cksum clear cmp
    column comm cp cpio csplit cut date dc dd df diff diff3 dir dircolors dirname dos2unix du ed egrep env envsubst
    ex expand expr factor fgrep file find fmt fold gawk getconf getfacl getopt grep gunzip gzip hd head hexdump
    hexedit iconv id install join jq less link ln locale locate logger logname look ls lz4 man mawk md5sum mkdir
    mkfifo mknod mktemp more mv nano nl nohup nproc numfmt od pandoc paste patch pathchk pico pr printenv readlink
    realpath rename rev rg ripgrep rm rmdir sed seq setfacl sha1sum sha256sum sha512sum shred shuf sleep sort split
    stat stdbuf strings stty sum sync tac tail tar tee timeout touch tput tr tree truncate tsort tty uname unexpand
    uniq unlink unxz unzip updatedb uuidgen vi vim view watch wc whatis whereis which who whoami xargs xxd xz xzcat
    yes yq zcat zgrep zip zless zstd bat eza exa fd fzf emacs nvim code micro tmux screen script scriptreplay
    asciinema expect adduser addgroup agetty apropos at atq atrm batch blkid chage chfn chpasswd chroot chsh chrt
    cron crontab debootstrap delgroup deluser dmesg dmidecode depmod dumpe2fs e2fsck efibootmgr fallocate fdisk
    findmnt flock free fsck fstrim fuser gdisk getent gpasswd groupadd groupdel groupmod groups halt hostname
    hostnamectl htop hwclock insmod ionice iotop iostat journalctl killall last lastlog ldconfig ldd localectl login
    loginctl losetup lsattr lsb_release lsblk lscpu lshw lsmem lsmod lsns lsof lspci lsusb lvcreate lvdisplay
    lvextend lvremove lvs mdadm mesg mkfs mkswap modinfo modprobe mount mountpoint mpstat namei newgrp newgidmap
    nice nsenter parted partprobe passwd pgrep pidof pidstat pivot_root pkill pmap poweroff prlimit ps pstree
    pvcreate pvdisplay pvs pwdx reboot renice resize2fs rmmod runuser sar setcap getcap capsh setpriv setsid sensors
    service shutdown slabtop smartctl ss su sudo doas visudo swapoff swapon sysctl systemctl systemd-analyze
    systemd-cgls systemd-cgtop systemd-run systemd-nspawn machinectl timedatectl resolvectl taskset top tune2fs
    udevadm umount unshare update-alternatives update-grub update-ca-certificates update-initramfs uptime useradd
    userdel usermod users vgcreate vgdisplay vgs vigr vipw vmstat w wall wipefs write xfs_growfs zfs zpool btrfs
    mkfs.ext4 mkfs.xfs mkfs.vfat cgcreate cgexec dtrace strace ltrace perf bpftrace bpftool gdb valgrind lttng
    stress stress-ng sysbench fio arp arping brctl bridge bmon conntrack curl dhclient dig ethtool ab firewall-cmd
    ftp hey host hping3 http httpie https ifconfig ifdown iftop ifup ip ip6tables ipcalc iperf iperf3 iptables
    iptables-save iptables-restore ipset iwconfig lftp links lynx mail mtr nc ncat netcat netplan netstat nft ngrep
    nload nmap nmcli nslookup openssl ping ping6 rfkill route rsync scp sendmail sftp socat ssh ssh-add ssh-agent
    ssh-copy-id ssh-keygen ssh-keyscan sshfs swaks tc tcpdump telnet tracepath traceroute tshark ufw wg wg-quick
    wget whois wrk certbot gpg gpg2 age sops pass keytool step vegeta k6 siege w3m mosh autossh rclone ansible
    ansible-config ansible-doc ansible-galaxy ansible-inventory ansible-lint ansible-navigator ansible-playbook
    ansible-vault ant argocd aws az bazel bazelisk buck buildah bundle bundler bun cabal cargo ccache cmake cmake3
    cargo-watch clang clang++ clang-format clang-tidy cc c++ cpp composer conda mamba micromamba consul containerd
    cosign crane crictl ctest ctr cypress deno dig direnv docker docker-compose docker-machine dockerd doctl dotnet
    eksctl elixir erl etcdctl faas-cli flatpak flux fly flyctl g++ gcc gcloud gem gh git git-lfs gitk glab gmake go
    gofmt gradle gsutil hadolint helm helmfile heroku hg hugo incus iex istioctl java javac javap jar jekyll jest
    just jupyter k3d k3s k9s kind kops krew kubeadm kubectl kubectx kubens kubelet kustomize lerna lein linkerd lxc
    lxd m4 make meson mill minikube mix mkdocs mongo mongosh mongodump multipass mvn mypy mysql mysqladmin mysqldump
    nerdctl next ng ninja nix nix-build nix-env nix-shell node nodemon nomad npm npx nvm oc ocamlfind opam packer
    pdm perl php pip pip2 pip3 pipenv pipx pnpm podman podman-compose poetry pre-commit protoc psql pg_dump
    pg_restore createdb dropdb initdb pulumi puppet pyenv pylint pytest python python2 python3 qemu-img qemu-
    system-x86_64 rails rake rbenv rebar3 redis-cli redis-server ruby ruff runc crun rustc rustup sam sass sbt scala
    scalac sdk serverless singularity apptainer skaffold skopeo snap snyk sphinx-build sphinx-quickstart sqlite3
    stern stack svn swift swiftc syft grype terraform terragrunt tofu tox trivy ts-node tsc turbo uv uvx uvicorn
    gunicorn flask django-admin celery vagrant vault vercel velero virsh virt-install virtualenv VBoxManage vite
    volta vue wasm-pack wp yarn zig sbatch squeue srun scancel sinfo sacct salloc module R Rscript julia octave
    gnuplot ghc ghci stack latexmk pdflatex xelatex bibtex convert magick ffmpeg ffprobe identify exiftool nginx
    apachectl apache2ctl a2ensite a2enmod httpd haproxy caddy traefik envoy dnsmasq named rabbitmqctl kafka-
    topics.sh kafka-console-producer.sh kafka-console-consumer.sh zookeeper-server-start.sh kafka-server-start.sh
    zkCli.sh add-apt-repository apt-cache apt-key apt-mark apt-file dpkg dpkg-deb dpkg-query dpkg-reconfigure
    debconf-set-selections rpm rpmbuild dnf5 flatpak snapcraft ldapsearch ldapadd ldapmodify htpasswd logrotate
    auditctl ausearch aureport getenforce setenforce semanage restorecon chcon sestatus aa-status apparmor_parser
    nvidia-smi nvcc mpirun mpiexec mpicc mpicxx mpif90 mpifort gfortran CC ftn icx ifx nvc nvfortran hipcc spack
    sattach sbcast scontrol sprio sreport sstat qsub qstat qdel bsub bjobs
    castdeck objdump nm readelf as ld ar strip size addr2line cowsay figlet
    fortune sl lolcat neofetch xdg-open pbcopy pbpaste xclip open launchctl dscl defaults sw_vers hdiutil diskutil
    softwareupdate xcode-select
    """.split()  # noqa: SIM905
    )
)
