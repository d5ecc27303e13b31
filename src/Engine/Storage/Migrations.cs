using System.Data;
using System.Reflection;
using Dapper;

namespace Bots.Engine.Storage;

/// <summary>Numbered, embedded SQL files (<c>0001_….sql</c>), each applied once and in a transaction.</summary>
internal static class Migrations
{
    private const string Folder = "Bots.Engine.Storage.Migrations.";

    /// <param name="last">The number of the last one that is applied.</param>
    public static void Apply(IDbConnection db, long last = long.MaxValue)
    {
        db.Execute("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL)");
        var applied = db.Query<long>("SELECT number FROM migrations").ToHashSet();
        foreach (var (number, name, sql) in All().Where(m => m.Number <= last && !applied.Contains(m.Number)))
        {
            using var transaction = db.BeginTransaction();
            db.Execute(sql, transaction: transaction);
            db.Execute("INSERT INTO migrations (number, name) VALUES (@number, @name)", new { number, name }, transaction);
            transaction.Commit();
        }
    }

    private static IEnumerable<(long Number, string Name, string Sql)> All()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return from resource in assembly.GetManifestResourceNames()
               where resource.StartsWith(Folder, StringComparison.Ordinal)
               let name = resource[Folder.Length..^".sql".Length]
               orderby name
               select (long.Parse(name[..4]), name, Text(assembly, resource));
    }

    private static string Text(Assembly assembly, string resource)
    {
        using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
