# docker build -t tigger . && docker run -p 6432:6432 -v "$PWD/tigger.yaml:/etc/tigger/tigger.yaml:ro" tigger
#
# That is the user data path, without any privilege. A container's tigger sees the sockets of its own cgroup subtree and network
# namespace only, so the kernel path is for PostgreSQL and clients inside of the same container; there it needs
#   docker run --user 0 --cap-drop ALL --cap-add BPF --cap-add NET_ADMIN --cap-add PERFMON
# a seccomp profile that allows bpf(2) (Docker's own does, given CAP_BPF), and the container's own cgroup v2 tree, which Docker mounts
# at /sys/fs/cgroup by itself (read-only is enough). Do not mount the machine's tree. Started so, tigger gives the capabilities up
# before it listens; user 0 because Docker gives others no ambient capabilities. `tigger doctor` in the container tells what is missing.

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# The BPF objects that the executable carries are compiled with it.
RUN apt-get update && apt-get install -y --no-install-recommends clang gcc libbpf-dev linux-libc-dev make && \
    rm -rf /var/lib/apt/lists/*
WORKDIR /src
# Restore before the sources come in: a change of code reuses this layer.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Tigger.Proxy/Tigger.Proxy.csproj Tigger.Proxy/packages.lock.json Tigger.Proxy/
RUN dotnet restore Tigger.Proxy/Tigger.Proxy.csproj --locked-mode
COPY .editorconfig ./
COPY Tigger.Bpf/ Tigger.Bpf/
COPY Tigger.Proxy/ Tigger.Proxy/
RUN dotnet publish Tigger.Proxy/Tigger.Proxy.csproj -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
# libbpf1 is for `tigger doctor` and the kernel data path, libldap2 for auth_type ldap.
RUN apt-get update && apt-get install -y --no-install-recommends libbpf1 libldap2 && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /opt/tigger
# The image's own unprivileged user. Port and file limits need no privilege; the user data path needs no capability.
USER $APP_UID
EXPOSE 6432
# SIGTERM waits for clients to leave (as in PgBouncer); SIGINT waits only for servers, which suits a container being replaced.
STOPSIGNAL SIGINT
ENTRYPOINT ["/opt/tigger/tigger"]
CMD ["run", "-c", "/etc/tigger/tigger.yaml"]
