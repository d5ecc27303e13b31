using System.Text.Json.Serialization;
using Bots.Engine.Sessions;
using Bots.Engine.Storage;
using Bots.Testing;

namespace Bots.Engine.Tests.Sessions;

public sealed class SessionEventJsonTests
{
    public static TheoryData<string> Kinds => [.. All().Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_kind_of_event_survives_the_store(string kind)
    {
        var gen = Events.Kinds[All().Single(type => type.Name == kind)];
        gen.Hold(
            happened =>
            {
                var json = EngineJson.Write(happened);
                var read = EngineJson.Read<SessionEvent>(json);
                if (happened is not SessionEvent.AgentUpdate) read.ShouldBeEquivalentTo(happened);
                return read.GetType() == happened.GetType() && EngineJson.Write(read) == json;
            },
            times: 50);
    }

    [Fact]
    public void Every_kind_has_a_name_of_its_own()
    {
        var named = typeof(SessionEvent).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().ToList();

        named.Select(n => n.DerivedType).ShouldBe(All(), ignoreOrder: true);
        named.Select(n => n.TypeDiscriminator).ShouldBeUnique();
    }

    [Fact]
    public void Ids_and_kinds_stand_there_as_plain_words() =>
        EngineJson.Write<SessionEvent>(new SessionEvent.PromptFinished(new PromptId("prm_1"), PromptState.Failed, "no disk"))
            .ShouldBe("""{"type":"prompt.finished","prompt":"prm_1","state":"Failed","cause":"no disk"}""");

    private static IEnumerable<Type> All() => typeof(SessionEvent).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(SessionEvent)));
}
