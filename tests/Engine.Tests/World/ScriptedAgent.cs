using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Bots.Engine.Agents;
using Bots.Sandbox;
using Bots.Sandbox.Sidecars;

namespace Bots.Engine.Tests.World;

/// <summary>A sandbox whose agent says what the test tells it to say. It keeps numbers, replays and lines as the sidecar does, and outlives the engine.</summary>
public sealed class ScriptedAgent(SandboxId id, Pulse pulse) : ISandboxConnection
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Output> _processes = [];
    private readonly Channel<AgentPrompt> _prompts = Channel.CreateUnbounded<AgentPrompt>();
    private readonly Channel<JsonElement> _answers = Channel.CreateUnbounded<JsonElement>();
    private readonly CancellationTokenSource _lost = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ImmutableList<JsonElement> _received = [];
    private ImmutableList<ExecRequest> _executed = [];
    private string? _current;
    private SandboxException? _why;
    private long _nextRequest = 1000;

    public SandboxId Sandbox => id;

    public CancellationToken Lost => _lost.Token;

    /// <summary>Every line it was given.</summary>
    public ImmutableList<JsonElement> Received => Volatile.Read(ref _received);

    /// <summary>What git prints. By default the tree is as it was cloned.</summary>
    public Func<ExecRequest, ExecResult> Git { get; set; } = _ => new ExecResult(0, "1111111111111111111111111111111111111111\n", "");

    /// <summary>Awaited before git prints.</summary>
    public Func<ExecRequest, Task> Working { get; set; } = _ => Task.CompletedTask;

    public ImmutableList<ExecRequest> Executed => Volatile.Read(ref _executed);

    /// <summary>Methods it does not react to.</summary>
    public IReadOnlySet<string> Deaf { get; set; } = new HashSet<string>();

    /// <summary>Methods it answers with an error.</summary>
    public IReadOnlySet<string> Refuses { get; set; } = new HashSet<string>();

    /// <summary>Methods at which it ends, with code 9.</summary>
    public IReadOnlySet<string> DiesAt { get; set; } = new HashSet<string>();

    /// <summary>What it does at once when it is given a prompt.</summary>
    public Action<AgentPrompt> OnPrompt { get; set; } = _ => { };

    /// <summary>What it does at once when one of its requests is answered.</summary>
    public Action<JsonElement> OnAnswer { get; set; } = _ => { };

    public int Started { get; private set; }

    /// <summary>Names of the processes it was told to start, oldest first.</summary>
    public List<string> Processes { get; } = [];

    /// <summary>The next prompt the agent was given.</summary>
    public async Task<AgentPrompt> Prompted() => await _prompts.Reader.ReadAsync().AsTask().Within("a prompt");

    /// <summary>The next answer to a request of the agent.</summary>
    public async Task<JsonElement> Answered() => await _answers.Reader.ReadAsync().AsTask().Within("an answer");

    /// <summary>How often it was given a method's message.</summary>
    public int Count(string method) => Received.Count(m => m.Find("method") == method);

    /// <summary>How many of its requests were answered, each answer counted.</summary>
    public int Answers => Received.Count(m => m.Find("method") is null);

    public void Say(string text) => Update(new JsonObject { ["sessionUpdate"] = "agent_message_chunk", ["content"] = new JsonObject { ["type"] = "text", ["text"] = text } });

    /// <summary>Something that is no text: text heard before it is stored at once.</summary>
    public void Plan() => Update(new JsonObject { ["sessionUpdate"] = "plan", ["entries"] = new JsonArray() });

    public void Update(JsonObject update) => Emit(new JsonObject
    {
        ["jsonrpc"] = "2.0", ["method"] = "session/update", ["params"] = new JsonObject { ["sessionId"] = "agent-session", ["update"] = update },
    });

    /// <summary>Asks whether a command may be run.</summary>
    /// <param name="raw">What it tells of the call; the command if null.</param>
    public void Ask(string command, string call = "call-1", string kind = "execute", JsonObject? raw = null) => Emit(new JsonObject
    {
        ["jsonrpc"] = "2.0", ["id"] = _nextRequest++, ["method"] = "session/request_permission",
        ["params"] = new JsonObject
        {
            ["sessionId"] = "agent-session",
            ["toolCall"] = new JsonObject { ["toolCallId"] = call, ["title"] = command, ["kind"] = kind, ["rawInput"] = raw ?? new JsonObject { ["command"] = command } },
            ["options"] = new JsonArray(Option("once", "allow_once"), Option("always", "allow_always"), Option("reject", "reject_once")),
        },
    });

    public void End(AgentPrompt prompt, string stopReason = "end_turn") =>
        Emit(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = prompt.RequestId, ["result"] = new JsonObject { ["stopReason"] = stopReason } });

    public void Fail(AgentPrompt prompt, string message) =>
        Emit(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = prompt.RequestId, ["error"] = new JsonObject { ["code"] = -32603, ["message"] = message } });

    public void Line(string text) => Add(n => new ProcessOutput.Line(n, text));

    public void Complain(string text) => Add(n => new ProcessOutput.ErrorLine(n, text));

    public void Exit(int code) => Add(n => new ProcessOutput.Exited(n, code));

    /// <summary>The sandbox dies.</summary>
    /// <param name="why">What whoever uses it is told; null for no more than that.</param>
    public void Lose(SandboxException? why = null)
    {
        _why ??= why;
        _lost.Cancel();
        Wake();
    }

    public Task Start(string process, ProcessStart start, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_processes.TryAdd(process, new Output()))
            {
                Started++;
                Processes.Add(process);
            }

            _current = process;
        }

        return Task.CompletedTask;
    }

    public Task<bool> IsRunning(string process, CancellationToken cancellation) => Task.FromResult(Runs(process));

    private bool Runs(string process)
    {
        lock (_lock) return _processes.TryGetValue(process, out var output) && !output.Lines.Exists(l => l is ProcessOutput.Exited);
    }

    public Task Write(string process, long number, string line, CancellationToken cancellation)
    {
        ThrowIfLost();
        lock (_lock)
        {
            var output = _processes[process];
            if (number <= output.LastInput) return Task.CompletedTask;
            number.ShouldBe(output.LastInput + 1);
            output.LastInput = number;
        }

        Handle(JsonDocument.Parse(line).RootElement);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<ProcessOutput> Read(string process, long after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        while (true)
        {
            ThrowIfLost();
            List<ProcessOutput> ready;
            Task more;
            lock (_lock)
            {
                var output = _processes[process];
                after.ShouldBeGreaterThanOrEqualTo(output.Acknowledged, "acknowledged lines are forgotten");
                ready = [.. output.Lines.Where(l => l.Number > after)];
                more = _more.Task;
            }

            foreach (var line in ready)
            {
                yield return line;
                after = line.Number;
                if (line is ProcessOutput.Exited) yield break;
            }

            if (ready.Count == 0) await more.WaitAsync(cancellation);
        }
    }

    public Task Acknowledge(string process, long number, CancellationToken cancellation)
    {
        lock (_lock) _processes[process].Acknowledged = number;
        return Task.CompletedTask;
    }

    public Task Kill(string process, CancellationToken cancellation)
    {
        if (Runs(process)) Add(n => new ProcessOutput.Exited(n, 137), process);
        return Task.CompletedTask;
    }

    public async Task<ExecResult> Exec(ExecRequest request, CancellationToken cancellation)
    {
        ThrowIfLost();
        lock (_lock) _executed = _executed.Add(request);
        pulse.Beat();
        await Working(request).WaitAsync(cancellation);
        return Git(request);
    }

    public Task<IRunningCommand> Run(ExecRequest request, CancellationToken cancellation) => throw new NotSupportedException("The scripted agent runs commands to their end only.");

    public Task<ITerminal> OpenTerminal(TerminalRequest request, CancellationToken cancellation) => throw new NotSupportedException("The scripted agent has no terminals.");

    /// <summary>Nothing but the agent ever runs here.</summary>
    public Task<SandboxActivity> Activity(CancellationToken cancellation)
    {
        ThrowIfLost();
        return Task.FromResult(new SandboxActivity
        {
            SinceFileChange = null, AllFilesSeen = true, SinceTerminalActivity = null, OpenTerminals = 0, OtherProcesses = 0, ProcessNames = [],
        });
    }

    private void Handle(JsonElement message)
    {
        lock (_lock) _received = _received.Add(message);
        pulse.Beat();
        var method = message.Find("method");
        if (method is null)
        {
            _answers.Writer.TryWrite(message);
            OnAnswer(message);
            return;
        }

        var request = message.TryGetProperty("id", out var i) ? i.GetInt64() : 0;
        switch (method)
        {
            case var _ when Deaf.Contains(method):
                break;
            case var _ when DiesAt.Contains(method):
                Exit(9);
                break;
            case var _ when Refuses.Contains(method):
                Emit(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = request, ["error"] = new JsonObject { ["code"] = -32603, ["message"] = "on purpose" } });
                break;
            case "initialize":
                Result(request, new JsonObject { ["protocolVersion"] = 1, ["agentCapabilities"] = new JsonObject { ["loadSession"] = true } });
                break;
            case "session/new":
                Result(request, new JsonObject { ["sessionId"] = "agent-session" });
                break;
            case "session/load":
                Say("a replayed word of the past");
                Result(request, []);
                break;
            case "session/prompt":
                var prompt = new AgentPrompt(request, message.GetProperty("params").GetProperty("prompt")[0].GetProperty("text").GetString()!);
                _prompts.Writer.TryWrite(prompt);
                OnPrompt(prompt);
                break;
            case "session/cancel":
                var running = Received.FindLast(m => m.Find("method") == "session/prompt");
                Result(running.GetProperty("id").GetInt64(), new JsonObject { ["stopReason"] = "cancelled" });
                break;
        }
    }

    private void Result(long id, JsonObject result) => Emit(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["result"] = result });

    private void Emit(JsonObject message) => Line(message.ToJsonString());

    private void Add(Func<long, ProcessOutput> output, string? process = null)
    {
        lock (_lock)
        {
            var lines = _processes[process ?? _current!].Lines;
            lines.Add(output(lines.Count + 1));
        }

        Wake();
    }

    private void Wake()
    {
        lock (_lock)
        {
            _more.TrySetResult();
            _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void ThrowIfLost()
    {
        if (_lost.IsCancellationRequested) throw _why ?? new SandboxException(SandboxFailure.Lost, "The sandbox was lost.");
    }

    private static JsonObject Option(string id, string kind) => new() { ["optionId"] = id, ["name"] = id, ["kind"] = kind };

    private sealed class Output
    {
        public List<ProcessOutput> Lines { get; } = [];

        public long LastInput { get; set; }

        public long Acknowledged { get; set; }
    }
}

public sealed record AgentPrompt(long RequestId, string Text);
