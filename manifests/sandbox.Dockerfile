# What sandboxes of the provider "docker" are made of; built by `./dev image`. The sidecar, its .NET runtime and the agents are not in it: they are
# bound read-only from the service's machine, so that they are always the versions the service has.
ARG BASE=debian:bookworm-slim
FROM ${BASE}

# One line, since `./dev image` reads it too. libssl3 is the sidecar's.
ARG PACKAGES="build-essential ca-certificates curl file git git-lfs jq less libssl3 patch perl pkg-config procps python3 python3-pip python3-venv ripgrep unzip xz-utils zip"
RUN dpkg-query -W $PACKAGES >/dev/null 2>&1 \
 || (apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*)

# Node, as manifests/sandbox/package-lock.json pins it: the agents need a later one than Debian has.
COPY node_modules /usr/local/lib/node_modules
RUN cd /usr/local/bin \
 && ln -s ../lib/node_modules/node-linux-*/bin/node node \
 && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm \
 && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx \
 && npm --version

RUN useradd --uid 1000 --user-group --create-home --home-dir /home/agent --shell /bin/bash agent \
 && mkdir -p /workspace && chown agent:agent /workspace \
 && rm -rf /var/tmp && ln -s ../tmp /var/tmp
ENV LANG=C.UTF-8
USER agent
WORKDIR /workspace
CMD ["/bin/bash"]
