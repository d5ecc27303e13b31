using System.Data;
using Bots.Engine.Intake;
using Bots.Engine.Sessions;
using Bots.Sandbox;
using Dapper;

namespace Bots.Engine.Storage;

/// <summary>How our own types stand in columns: ids as text, times as milliseconds, the rest as JSON.</summary>
internal static class Columns
{
    public static void Register()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        Add(id => id.Value, value => new SessionId((string)value));
        Add(id => id.Value, value => new PromptId((string)value));
        Add(id => id.Value, value => new PermissionId((string)value));
        Add(id => id.Value, value => new SandboxId((string)value));
        Add(id => id.Value, value => new WorkspaceId((string)value));
        Add(id => id.Value, value => new TreeId((string)value));
        Add(id => id.ToString(), value => RepositoryName.Parse((string)value));
        Add(time => time.ToUnixTimeMilliseconds(), value => DateTimeOffset.FromUnixTimeMilliseconds((long)value));
        AddJson<Person>();
        AddJson<ToolCall>();
        AddJson<IReadOnlyList<Material>>();
        AddJson<IReadOnlyList<Agents.PermissionOption>>();
    }

    private static void Add<T>(Func<T, object> write, Func<object, T> read) => SqlMapper.AddTypeHandler(new Handler<T>(write, read));

    private static void AddJson<T>() => Add(EngineJson.Write, value => EngineJson.Read<T>((string)value));

    private sealed class Handler<T>(Func<T, object> write, Func<object, T> read) : SqlMapper.TypeHandler<T>
    {
        public override void SetValue(IDbDataParameter parameter, T? value) => parameter.Value = value is null ? DBNull.Value : write(value);

        public override T Parse(object value) => read(value);
    }
}
