using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bots.Engine.Audit;
using Bots.Engine.Sandboxes;
using Bots.Engine.Storage;
using Bots.Sandbox;
using Dapper;

namespace Bots.Engine.Tests.Audit;

public sealed class AuditLogTests : IDisposable
{
    private static readonly SessionId Session = new("ses_1");

    private readonly TemporaryStore _temporary = new();

    public void Dispose() => _temporary.Dispose();

    [Fact]
    public void An_empty_log_is_sound() => Verify().ShouldBe(new AuditVerdict(true, 0, AuditChain.Start, null, null));

    [Fact]
    public async Task What_is_appended_is_sound_and_comes_back_in_order_also_after_a_restart()
    {
        await Append(3);
        _temporary.Reopen();
        await Append(2);

        var rows = _temporary.Store.Read(db => AuditLog.Read(db, 0, 100));
        rows.Select(row => row.Sequence).ShouldBe([1, 2, 3, 4, 5]);
        Verify().ShouldBe(new AuditVerdict(true, 5, rows[^1].Hash, null, null));
        _temporary.Store.Read(db => AuditLog.Read(db, 3, 1)).Single().Sequence.ShouldBe(4);
    }

    [Fact]
    public async Task What_did_not_happen_is_not_in_the_log()
    {
        await Append(1);

        await Should.ThrowAsync<InvalidOperationException>(() => _temporary.Store.Write(write =>
        {
            AuditLog.Append(write, Entry(7));
            throw new InvalidOperationException("on purpose");
        }));
        await Append(1);

        Verify().ShouldSatisfyAllConditions(v => v.Sound.ShouldBeTrue(), v => v.Rows.ShouldBe(2));
    }

    [Theory]
    [InlineData("sequence = 99")]
    [InlineData("at = at + 1")]
    [InlineData("session_id = 'ses_2'")]
    [InlineData("session_id = NULL")]
    [InlineData("kind = 'sandbox.stopped'")]
    [InlineData("actor = 'slack:U1'")]
    [InlineData("data = '{}'")]
    [InlineData("data = data || ' '")]
    [InlineData("hash = 'no hash'")]
    [InlineData("hash = upper(hash)")]
    [InlineData("actor = 'service\",\"data\":{}', data = '0'")]
    public async Task A_change_of_any_column_of_any_row_is_found_at_that_row(string change)
    {
        await Append(5);
        for (var row = 1; row <= 5; row++)
        {
            await Tamper($"CREATE TEMP TABLE kept AS SELECT * FROM audit_log; UPDATE audit_log SET {change} WHERE sequence = {row}");

            var verdict = Verify();
            (verdict.Sound, verdict.BrokenAt, verdict.Rows).ShouldBe((false, row, 5), change);
            verdict.Problem.ShouldNotBeNull();

            await Tamper("DELETE FROM audit_log; INSERT INTO audit_log SELECT * FROM kept; DROP TABLE kept");
            Verify().Sound.ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(5)]
    public async Task A_row_that_is_gone_is_missed_the_last_one_too(int row)
    {
        await Append(5);

        await Tamper($"DELETE FROM audit_log WHERE sequence = {row}");

        Verify().ShouldSatisfyAllConditions(v => v.Sound.ShouldBeFalse(), v => v.BrokenAt.ShouldBe(row), v => v.Problem.ShouldBe("The row is missing."));
    }

    [Fact]
    public async Task A_row_that_is_gone_is_missed_when_the_later_ones_moved_up()
    {
        await Append(5);

        await Tamper("DELETE FROM audit_log WHERE sequence = 2; UPDATE audit_log SET sequence = sequence - 1 WHERE sequence > 2; UPDATE audit_head SET sequence = 4");

        Verify().BrokenAt.ShouldBe(2);
    }

    [Fact]
    public async Task Rows_that_changed_places_are_found()
    {
        await Append(5);

        await Tamper("UPDATE audit_log SET sequence = -2 WHERE sequence = 2; UPDATE audit_log SET sequence = 2 WHERE sequence = 3; UPDATE audit_log SET sequence = 3 WHERE sequence = -2");

        Verify().BrokenAt.ShouldBe(2);
    }

    [Fact]
    public async Task A_row_that_was_added_past_the_log_is_found()
    {
        await Append(2);

        await Tamper("INSERT INTO audit_log SELECT 3, at, session_id, kind, actor, data, hash FROM audit_log WHERE sequence = 2");

        Verify().BrokenAt.ShouldBe(3);
    }

    [Fact]
    public async Task Another_end_of_the_chain_is_found()
    {
        await Append(2);

        await Tamper($"UPDATE audit_head SET hash = '{AuditChain.Start}'");

        Verify().ShouldSatisfyAllConditions(v => v.Sound.ShouldBeFalse(), v => v.BrokenAt.ShouldBe(2));
    }

    [Fact]
    public async Task The_exported_lines_can_be_checked_with_nothing_but_SHA_256()
    {
        await Append(3);
        var previous = new string('0', 64);

        foreach (var line in _temporary.Store.Read(db => AuditLog.Read(db, 0, 10)).Select(AuditChain.Line))
        {
            using var parsed = JsonDocument.Parse(line);
            var hash = parsed.RootElement.GetProperty("hash").GetString()!;
            var content = line.Replace($",\"hash\":\"{hash}\"", "", StringComparison.Ordinal);
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(previous + content))).ShouldBe(hash);
            parsed.RootElement.GetProperty("data").GetProperty("sandbox").GetString().ShouldStartWith("sbx_");
            previous = hash;
        }
    }

    private Task Append(int count) => _temporary.Store.Write(write =>
    {
        for (var i = 0; i < count; i++) AuditLog.Append(write, Entry(i));
    });

    private AuditEntry Entry(int i) => AuditEntry.Sandbox(_temporary.Clock.GetUtcNow(), "started", new SandboxRow
    {
        Id = new SandboxId($"sbx_{i}"), SessionId = Session, WorkspaceId = new WorkspaceId("wsp_1"), Repository = RepositoryName.Parse("acme/calculator"), Purpose = SandboxPurpose.Session,
        StartedAt = _temporary.Clock.GetUtcNow(),
    });

    private Task Tamper(string sql) => _temporary.Store.Write(write => write.Db.Execute(sql));

    private AuditVerdict Verify() => _temporary.Store.Read(AuditLog.Verify);
}
