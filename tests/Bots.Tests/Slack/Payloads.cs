using System.Text;
using System.Text.Json;

namespace Bots.Tests.Slack;

/// <summary>What Slack sends, in the shapes of its documentation.</summary>
internal static class Payloads
{
    public static string Event(string id, string inner, string team = "T1") =>
        $$"""
        {"token":"XXYYZZ","team_id":"{{team}}","context_team_id":"{{team}}","api_app_id":"A1","event":{{inner}},"type":"event_callback","event_id":"{{id}}","event_time":1515449522,
        "authorizations":[{"enterprise_id":null,"team_id":"{{team}}","user_id":"UBOT","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false,"event_context":"EC1"}
        """;

    public static string Message(string text, string user = "UANA", string ts = "1700000000.000100", string? thread = null, string type = "message", string channel = "C1", string more = "") =>
        $$"""{"type":"{{type}}","user":"{{user}}","text":{{JsonSerializer.Serialize(text)}},"ts":"{{ts}}","channel":"{{channel}}","event_ts":"{{ts}}"{{(thread is null ? "" : $",\"thread_ts\":\"{thread}\"")}}{{more}}}""";

    public static string Click(string action, string value, string user = "UANA", string actionTs = "1700000009.5", string blockId = "b1", string? selected = null, string team = "T1") =>
        $$"""
        {"type":"block_actions","team":{"id":"{{team}}","domain":"acme"},"user":{"id":"{{user}}","username":"not-to-be-trusted","team_id":"{{team}}"},"api_app_id":"A1","token":"x","trigger_id":"12.34.ab",
        "container":{"type":"message","message_ts":"1700000001.000200","channel_id":"C1","is_ephemeral":false,"thread_ts":"1700000000.000100"},"channel":{"id":"C1","name":"backend"},
        "message":{"type":"message","user":"UBOT","bot_id":"BBOT","ts":"1700000001.000200","thread_ts":"1700000000.000100","team":"T1","text":"…"},"response_url":"https://hooks.slack.com/actions/x",
        "actions":[{"type":"{{(selected is null ? "button" : "static_select")}}","action_id":"{{action}}","block_id":"{{blockId}}",{{(selected is null ? $"\"value\":\"{value}\"" : $"\"selected_option\":{{\"text\":{{\"type\":\"plain_text\",\"text\":\"x\"}},\"value\":\"{selected}\"}}")}},"action_ts":"{{actionTs}}"}]}
        """;

    public static string Submission(string reason, string metadata = """{"permission":"abc","conversation":"T1/C1/1700000000.000100"}""", string user = "UANA", string callback = "deny_with_reason") =>
        $$$"""
        {"type":"view_submission","team":{"id":"T1","domain":"acme"},"user":{"id":"{{{user}}}","username":"x","team_id":"T1"},"api_app_id":"A1","token":"x","trigger_id":"1.2.c",
        "view":{"id":"V1","type":"modal","callback_id":"{{{callback}}}","private_metadata":{{{JsonSerializer.Serialize(metadata)}}},"hash":"1.h",
        "state":{"values":{"reason":{"reason":{"type":"plain_text_input","value":{{{JsonSerializer.Serialize(reason)}}} } } } } },"response_urls":[]}
        """;

    public static string Form(string payload) => "payload=" + Uri.EscapeDataString(payload).Replace("%20", "+", StringComparison.Ordinal);

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
