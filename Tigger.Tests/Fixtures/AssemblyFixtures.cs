using Tigger.Tests.Fixtures;
using Tigger.Tests.Packages;

[assembly: AssemblyFixture(typeof(PostgresServer))]
[assembly: AssemblyFixture(typeof(DebianPackage))]
