"""What each scope of Slack opens, restated from the methods that ask for it.

A line is a scope, its effects as letters (as for Google), and a limit. No scope covers another: a
`:write` does not read, and what `chat:write` posts in a channel it has not joined needs
`chat:write.public`. Where a bot sees only the conversations that it is in, the letter `c` says so.
"""

from __future__ import annotations

TABLE = """
admin ramdg the whole workspace
admin.analytics:read r the whole organisation
admin.app_activities:read r the whole organisation
admin.apps:read r
admin.apps:write mdg which applications may be installed
admin.barriers:read r
admin.barriers:write amd
admin.chat:read r every conversation of the organisation
admin.chat:write md every conversation of the organisation
admin.conversations:manage_objects am
admin.conversations:read r every conversation of the organisation
admin.conversations:write amdg deleting channels and making them public is among it
admin.invites:read r
admin.invites:write g
admin.legal_holds:read r
admin.legal_holds:write amd
admin.roles:read r
admin.roles:write g
admin.teams:read r
admin.teams:write amdg
admin.usergroups:read r
admin.usergroups:write mg
admin.users:read r
admin.users:write amdg administrators and owners are among it
admin.workflows:read r
admin.workflows:write mdg
app_configurations:read r
app_configurations:write amdxg scopes of applications are among it
app_mentions:read rc
assistant:write n conversations with the application
auditlogs:read r
authorizations:read r
bookmarks:read rc
bookmarks:write amdc
bot ramdnc
calls:read r
calls:write amd
canvases:read rc
canvases:write amdgc sharing is among it
channels:history rc public channels
channels:join a the bot joins any public channel, and from then on sees what is written there
channels:manage amdgc public channels; archiving and removing people are among it
channels:read r public channels
channels:write amdg public channels; archiving and removing people are among it
channels:write.invites gn public channels
channels:write.topic m public channels
chat:write nmdc its own messages may be changed and deleted
chat:write.customize n under any name and picture
chat:write.public n any public channel, without joining it
chat:write:bot nmd its own messages may be changed and deleted
chat:write:user nmd messages as the user
client ramdn
commands n
connections:write r events as they happen
conversations.connect:manage g channels shared with other organisations
conversations.connect:read r
conversations.connect:write gn channels shared with other organisations
conversations:history r
conversations:read r
conversations:write amdg
datastore:read r the application's own store
datastore:write amd the application's own store
dnd:read r
dnd:write m
emoji:read r
files:read rc
files:write amdgc making a file public is among it
files:write:user amdg making a file public is among it
groups:history rc private channels
groups:read rc private channels
groups:write amdgc private channels; archiving and removing people are among it
groups:write.invites gnc private channels
groups:write.topic mc private channels
hosting:read r
hosting:write x
identify r
identity.avatar r
identity.basic r
identity.email r
identity.team r
im:history rc direct messages
im:read rc direct messages
im:write an direct messages
im:write.topic m direct messages
incoming-webhook n one channel, chosen at installation
links.embed:write a
links:read rc
links:write m how links in messages look
lists:read rc
lists:write amdgc
metadata.message:read rc
mpim:history rc group messages
mpim:read rc group messages
mpim:write an group messages
mpim:write.topic m group messages
pins:read rc
pins:write adc
reactions:read rc
reactions:write adc
reminders:read r
reminders:write amdn
remote_files:read r
remote_files:share nc
remote_files:write amd
rtm:stream r everything as it happens
search:read r all that the user can read, private messages among it
search:read.files r
search:read.im r direct messages
search:read.mpim r group messages
search:read.private r private channels
search:read.public r public channels
search:read.users r
stars:read r
stars:write ad
team.billing:read r
team.preferences:read r
team:read r
tokens.basic r
triggers:read r
triggers:write amdx
usergroups:read r
usergroups:write amdg
users.profile:read r
users.profile:write md
users:read r
users:read.email r
users:write m
workflow.steps:execute mx
workflows.templates:read r
workflows.templates:write amd
"""
