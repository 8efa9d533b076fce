# docker build -t tigger . && docker run -p 6432:6432 -v "$PWD/tigger.yaml:/etc/tigger/tigger.yaml:ro" tigger
#
# That is the user data path, without any privilege. A container's tigger sees the sockets of its own cgroup subtree and network
# namespace only, so the kernel path is for PostgreSQL and clients inside of the same container; there it needs
#   docker run --user 0 --cap-drop ALL --cap-add BPF --cap-add NET_ADMIN --cap-add PERFMON
# a seccomp profile that allows bpf(2) (Docker's own does, given CAP_BPF), and the container's own cgroup v2 tree, which Docker mounts
# at /sys/fs/cgroup by itself (read-only is enough). Do not mount the machine's tree. Started so, tigger gives the capabilities up
# before it listens; user 0 because Docker gives others no ambient capabilities. `tigger doctor` in the container tells what is missing.

# Other names for the two images below, where a registry of one's own has them.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0
ARG RUNTIME_IMAGE=debian:12-slim

FROM ${SDK_IMAGE} AS build
# The BPF objects that the executable carries are compiled with it.
RUN apt-get update && apt-get install -y --no-install-recommends clang gcc libbpf-dev linux-libc-dev make && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Restore before the sources come in: a change of code reuses this layer.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Tigger.Proxy/Tigger.Proxy.csproj Tigger.Proxy/packages.lock.json Tigger.Proxy/
RUN dotnet restore Tigger.Proxy/Tigger.Proxy.csproj --locked-mode -r linux-x64 -p:SelfContained=true
COPY .editorconfig ./
COPY Tigger.Bpf/ Tigger.Bpf/
COPY Tigger.Proxy/ Tigger.Proxy/
# With the runtime beside it, so that the image below can be the system that the tests run on. Symbols and comments stay here.
RUN dotnet publish Tigger.Proxy/Tigger.Proxy.csproj -c Release -r linux-x64 --self-contained --no-restore -o /app && \
    rm -f /app/*.pdb /app/*.xml /app/libmscordbi.so /app/libmscordaccore.so /app/createdump

FROM ${RUNTIME_IMAGE}
# OpenSSL for TLS and SCRAM, libstdc++ for the runtime, libbpf for the kernel data path, libldap for auth_type ldap.
RUN apt-get update && \
    apt-get install -y --no-install-recommends ca-certificates libbpf1 libldap-2.5-0 libssl3 libstdc++6 && \
    rm -rf /var/lib/apt/lists/* && \
    groupadd --system --gid 1654 tigger && \
    useradd --system --uid 1654 --gid 1654 --home-dir /nonexistent --shell /usr/sbin/nologin tigger
COPY --from=build /app /opt/tigger
RUN ln -s /opt/tigger/tigger /usr/local/bin/tigger
# Port and file limits need no privilege; the user data path needs no capability. By number: Kubernetes' runAsNonRoot asks for it.
USER 1654
EXPOSE 6432
# Does it answer a client? No login, no session, no server is used. Another configuration file needs another --health-cmd.
HEALTHCHECK --interval=30s --timeout=10s --start-period=10s CMD ["tigger", "ping", "-c", "/etc/tigger/tigger.yaml"]
# SIGTERM waits for clients to leave (as in PgBouncer); SIGINT waits only for servers, which suits a container being replaced.
STOPSIGNAL SIGINT
ENTRYPOINT ["/opt/tigger/tigger"]
CMD ["run", "-c", "/etc/tigger/tigger.yaml"]
