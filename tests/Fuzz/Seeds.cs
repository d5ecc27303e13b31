namespace Bots.Fuzz;

/// <summary>Well-formed requests, of people nobody knows, from which the malformed ones are made.</summary>
internal static class Seeds
{
    public static readonly string[] SlackEvents =
    [
        """{"token":"x","team_id":"T0SIMULATE","api_app_id":"A0SIMULATE","event":{"type":"message","user":"U0NOBODY00","text":"The build is green again.","ts":"1795280800.000100","team":"T0SIMULATE","channel":"C0CALC0000","event_ts":"1795280800.000100","channel_type":"channel","blocks":[{"type":"rich_text","block_id":"a","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"The build"}]}]}]},"type":"event_callback","event_id":"Ev0000000001","event_time":1795280800,"authorizations":[{"enterprise_id":null,"team_id":"T0SIMULATE","user_id":"U0BOTUSER0","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false,"event_context":"4-abc"}""",
        """{"token":"x","team_id":"T0SIMULATE","api_app_id":"A0SIMULATE","event":{"type":"app_mention","user":"U0NOBODY00","text":"<@U0BOTUSER0> mend the sum in acme/calculator","ts":"1795280801.000200","thread_ts":"1795280800.000100","team":"T0SIMULATE","channel":"C0CALC0000","event_ts":"1795280801.000200","files":[{"id":"F1","name":"a.txt"}]},"type":"event_callback","event_id":"Ev0000000002","event_time":1795280801,"authorizations":[]}""",
        """{"token":"x","team_id":"T0SIMULATE","api_app_id":"A0SIMULATE","event":{"type":"reaction_added","user":"U0NOBODY00","reaction":"thumbsup","item_user":"U0BOTUSER0","item":{"type":"message","channel":"C0CALC0000","ts":"1795280800.000100"},"event_ts":"1795280802.000300"},"type":"event_callback","event_id":"Ev0000000003","event_time":1795280802}""",
        """{"token":"x","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P","type":"url_verification"}""",
        """{"token":"x","team_id":"T0SIMULATE","minute_rate_limited":1795280800,"api_app_id":"A0SIMULATE","type":"app_rate_limited"}""",
    ];

    public static readonly string[] SlackInteractions =
    [
        """{"type":"block_actions","user":{"id":"U0NOBODY00","username":"nobody","team_id":"T0SIMULATE"},"api_app_id":"A0SIMULATE","container":{"type":"message","message_ts":"1795280800.000100","channel_id":"C0CALC0000"},"trigger_id":"1.2.abc","team":{"id":"T0SIMULATE","domain":"sim"},"channel":{"id":"C0CALC0000","name":"calc"},"message":{"ts":"1795280800.000100","text":"?"},"response_url":"https://hooks.slack.com/actions/x","actions":[{"action_id":"approve_once","block_id":"b","value":"prm_00000000000000000000000000000000","type":"button","action_ts":"1795280803.000400"}]}""",
        """{"type":"view_submission","team":{"id":"T0SIMULATE"},"user":{"id":"U0NOBODY00","team_id":"T0SIMULATE"},"trigger_id":"1.3.abc","view":{"id":"V1","type":"modal","callback_id":"deny","private_metadata":"{}","state":{"values":{"reason":{"reason":{"type":"plain_text_input","value":"no"}}}},"hash":"1.a"}}""",
    ];

    public static readonly (string Event, string Body)[] GitHub =
    [
        ("issue_comment", """{"action":"created","issue":{"id":7,"number":7,"title":"Round once","state":"open","comments":3,"user":{"login":"mallory","id":9,"type":"User"},"pull_request":{"html_url":"https://github.com/acme/calculator/pull/7"},"body":"?"},"comment":{"id":900000001,"html_url":"https://github.com/acme/calculator/pull/7#issuecomment-900000001","user":{"login":"mallory","id":9,"type":"User"},"created_at":"2026-01-01T12:00:00Z","updated_at":"2026-01-01T12:00:00Z","author_association":"NONE","body":"@bots mend the sum"},"repository":{"id":1,"full_name":"acme/calculator","private":false,"default_branch":"main"},"sender":{"login":"mallory","id":9,"type":"User"},"installation":{"id":1}}"""),
        ("pull_request_review_comment", """{"action":"created","comment":{"id":900000002,"path":"sum.js","line":3,"diff_hunk":"@@ -1 +1 @@","user":{"login":"mallory","id":9,"type":"User"},"created_at":"2026-01-01T12:00:00Z","author_association":"NONE","body":"/bots look"},"pull_request":{"number":7,"head":{"ref":"x","sha":"0000000000000000000000000000000000000000","repo":{"full_name":"acme/calculator"}},"base":{"ref":"main","repo":{"full_name":"acme/calculator"}}},"repository":{"id":1,"full_name":"acme/calculator","private":false,"default_branch":"main"},"sender":{"login":"mallory","id":9,"type":"User"},"installation":{"id":1}}"""),
        ("installation", """{"action":"created","installation":{"id":1,"account":{"login":"acme","id":3,"type":"Organization"}},"repositories":[{"id":1,"full_name":"acme/calculator","private":false}],"sender":{"login":"mallory","id":9,"type":"User"}}"""),
        ("ping", """{"zen":"Keep it logically awesome.","hook_id":5001,"hook":{"type":"App"}}"""),
    ];

    public static readonly string[] Paths =
    [
        "/", "/healthz", "/readyz", "/api/sessions", "/api/sessions?limit=5", "/api/sessions/ses_00000000", "/api/sessions/ses_00000000/events", "/api/inbox", "/api/inbox?state=parked", "/api/inbox/1/retry",
        "/api/erase", "/api/repositories/acme/calculator/warm", "/api/snapshots", "/api/audit", "/api/audit/verify", "/webhooks/slack/events", "/webhooks/slack/interactivity", "/webhooks/slack/commands",
        "/webhooks/github", "/llm/simulated/chat/completions", "/git/acme/calculator/info/refs?service=git-upload-pack",
    ];
}
