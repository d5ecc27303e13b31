#!/usr/bin/env bash
# Writes the root of a small system as a tar archive to standard output: this machine's own shell, tools and libraries. It is the image of the
# Docker tests, made within seconds and without a network. The machine has to be a Debian or one of its children.
set -euo pipefail

packages=(dash bash coreutils grep sed gawk mawk findutils util-linux tar gzip diffutils hostname perl-base perl git libc-bin libc6 libstdc++6 libgcc-s1)
mapfile -t -O "${#packages[@]}" packages < <(dpkg-query -W -f '${Package}\n' 'perl-modules-*' 'libperl5*' 'libssl[13]*')
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root"/{etc,proc,sys,dev,run,var,tmp,opt,root,workspace,home/agent,usr/{bin,sbin,lib,lib64}}
for link in bin sbin lib lib64; do ln -s "usr/$link" "$root/$link"; done
ln -s ../tmp "$root/var/tmp"
chmod 1777 "$root/tmp"
chmod 700 "$root/root"
printf 'root:x:0:0:root:/root:/bin/bash\nagent:x:1000:1000:agent:/home/agent:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n' > "$root/etc/passwd"
printf 'root:x:0:\nagent:x:1000:\nnogroup:x:65534:\n' > "$root/etc/group"
(umask 077 && printf 'root:*:19000:0:99999:7:::\n' > "$root/etc/shadow")

# The packages' files, the libraries they need, and for all of them where they really are: /bin and /lib are links into /usr.
for package in "${packages[@]}"; do dpkg -L "$package" 2>/dev/null || true; done | grep -E '^(/usr)?/(s?bin|lib|share/git-core)' | grep -v '\.pod$' | perl -nle 'print if -f or -l' > "$root/.files"
{ grep -E "/s?bin/|\.so|/git-core/" "$root/.files" | xargs ldd 2>/dev/null || true; } | grep -oE "/[^ :]+" | cat - "$root/.files" | sort -u |
  perl -MCwd=abs_path -nle 'next unless -e; my ($folder, $name) = m,^(.*)/(.*)$,; for (abs_path($folder || "/") . "/$name", abs_path($_)) { s,^/+,, and !$seen{$_}++ and print }' > "$root/.all"
tar -C / --no-recursion -cf - -T "$root/.all" | tar -C "$root" -xf -
for program in sh awk; do [ -e "$root/usr/bin/$program" ] || ln -s "$(basename "$(readlink -f "$(command -v $program)")")" "$root/usr/bin/$program"; done
rm "$root/.files" "$root/.all"
tar -C "$root" --numeric-owner --owner 0 --group 0 -cf - .
