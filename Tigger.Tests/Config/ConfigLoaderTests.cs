using Tigger.Config;

namespace Tigger.Tests.Config;

public sealed class ConfigLoaderTests
{
    [Fact]
    public void Parse_DesignExample_GivesItsValues()
    {
        var config = Yaml.LoadSound("""
            listen_addr: 127.0.0.1
            listen_port: 6432
            pool_mode: transaction
            default_pool_size: 20
            auth_type: scram-sha-256
            admin_users: [postgres]
            data_path: auto                  # auto | kernel | user
            databases:
              shop: { host: "127.0.0.1, db2", port: 5433, dbname: store, pool_size: 10, reserve_pool: 3, server_lifetime: 1h }
              local:
              "*":  { host: 127.0.0.1 }
            users:
              batch: { pool_mode: session, max_user_connections: 5, password: x }
            peer_id: 1
            peers:
              2: { host: /tmp/two }
            """);

        Assert.Equal(["127.0.0.1"], config.ListenAddr);
        Assert.Equal(PoolMode.Transaction, config.PoolMode);
        Assert.Equal(AuthType.ScramSha256, config.AuthType);
        Assert.Equal(
            new DatabaseConfig
            {
                Name = "shop",
                Host = ["127.0.0.1", "db2"],
                Port = 5433,
                DbName = "store",
                PoolSize = 10,
                ReservePoolSize = 3,
                ServerLifetime = TimeSpan.FromHours(1),
            },
            config.Databases["shop"]);
        Assert.Equal(new DatabaseConfig { Name = "local" }, config.Databases["local"]);
        Assert.Equal(["local", "shop"], config.Databases.Keys.Order());
        Assert.Equal(new UserConfig { Name = "batch", PoolMode = PoolMode.Session, MaxUserConnections = 5, Password = "x" }, config.Users["batch"]);
        Assert.Equal(new PeerConfig { PeerId = 2, Host = ["/tmp/two"] }, config.Peers[2]);
    }

    [Fact]
    public void Parse_EmptyText_GivesTheDefaults()
    {
        Assert.Equal(new TiggerConfig { Conffile = Yaml.File }.ToString(), Yaml.Load("").ToString());
    }

    [Fact]
    public void Parse_Anchor_SharesABlock()
    {
        var config = Yaml.Load("databases:\n  a: &pg { host: 10.0.0.1, pool_size: 5 }\n  b: *pg\n");

        Assert.Equal(config.Databases["a"] with { Name = "b" }, config.Databases["b"]);
    }

    [Fact]
    public void FindDatabase_OnlyFallback_TakesTheClientsName()
    {
        var config = Yaml.Load("databases: { '*': { host: 10.0.0.1 }, shop: { dbname: store } }");

        Assert.Equal("store", config.FindDatabase("shop")!.ServerDbName);
        Assert.Equal("other", config.FindDatabase("other")!.ServerDbName);
        Assert.Null(Yaml.Load(Yaml.Sound).FindDatabase("other"));
    }

    [Fact]
    public void Load_RelativeAuthFile_CountsFromTheFilesDirectory()
    {
        var directory = Directory.CreateTempSubdirectory("tigger-config-");
        try
        {
            var file = Path.Combine(directory.FullName, "tigger.yaml");
            File.WriteAllText(file, "auth_file: userlist.txt\ndatabases: { shop: { } }\n");
            Assert.Equal(
                [$"{file}:1:12: auth_file: file \"{directory.FullName}/userlist.txt\" does not exist"],
                ConfigLoader.Load(file).Faults.Where(fault => fault.Severity == FaultSeverity.Error).Select(fault => fault.ToString()));

            File.WriteAllText(Path.Combine(directory.FullName, "userlist.txt"), "");
            var result = ConfigLoader.Load(file);
            Assert.Empty(result.Faults);
            Assert.Equal(Path.Combine(directory.FullName, "userlist.txt"), result.Config!.AuthFile);
            Assert.Equal(file, result.Config.Conffile);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public void Load_MissingFile_IsOneFault()
    {
        var result = ConfigLoader.Load("/no/such/tigger.yaml");

        Assert.Null(result.Config);
        Assert.Equal("/no/such/tigger.yaml: file \"/no/such/tigger.yaml\" does not exist", Assert.Single(result.Faults).ToString());
    }

    [Fact]
    public void Load_Directory_IsOneFault()
    {
        Assert.Single(ConfigLoader.Load(Path.GetTempPath()).Faults);
    }
}
