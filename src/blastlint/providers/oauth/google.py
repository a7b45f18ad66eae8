"""What each scope of Google's interfaces opens, restated from the methods that accept it.

A line is a scope without `https://www.googleapis.com/auth/`, its effects as letters, and a limit:
r read, a append, m mutate, d destroy, n notify, s spend, x execute, g grant. With `w` it also opens
channels that report changes to an address of the caller's choice, however harmless its name.
"""

from __future__ import annotations

PREFIX = "https://www.googleapis.com/auth/"

TABLE = """
https://mail.google.com/ ramdn
gmail.addons.current.action.compose ramdn while the add-on is used
gmail.addons.current.message.action r the message that is open in the add-on
gmail.addons.current.message.metadata r the message that is open in the add-on
gmail.addons.current.message.readonly r the message that is open in the add-on
gmail.compose ramdn drafts; sending any mail is among it
gmail.insert a
gmail.labels ramd labels
gmail.metadata rw headers and labels, no text
gmail.modify ramdn no mail is deleted for good, but drafts and labels are
gmail.readonly rw
gmail.send n
gmail.settings.basic ramd filters are among it, which move and forward mail
gmail.settings.sharing ramdg who may read and send the user's mail is among it
drive ramdng sharing is among it
drive.appdata ramdw the application's own hidden folder
drive.apps.readonly r
drive.file ramdng only files that the application made or was given
drive.meet.readonly rw only files made by Meet
drive.metadata rmw names, properties and labels, no content
drive.metadata.readonly rw names and properties, no content
drive.photos.readonly rw
drive.readonly rw
drive.scripts x how scripts of the user behave
calendar ramdng sharing and invitations are among it
calendar.acls rgw who may see the user's calendars
calendar.acls.readonly rw
calendar.app.created ramdn only calendars that the application made
calendar.calendarlist ramd which calendars the user follows
calendar.calendarlist.readonly rw
calendar.calendars ramd whole calendars; deleting them is among it
calendar.calendars.readonly r
calendar.events ramdn invitations are among it
calendar.events.freebusy rw when somebody is busy
calendar.events.owned ramdn only calendars that the user owns
calendar.events.owned.readonly rw only calendars that the user owns
calendar.events.public.readonly rw only public calendars
calendar.events.readonly rw
calendar.freebusy r when somebody is busy
calendar.readonly rw
calendar.settings rw
calendar.settings.readonly rw
spreadsheets ram
spreadsheets.readonly r
documents ram
documents.readonly r
presentations ram
presentations.readonly r
forms.body ramdw
forms.body.readonly rw
forms.responses.readonly rw
contacts ramd
contacts.readonly r
contacts.other.readonly r
directory.readonly r
user.addresses.read r
user.birthday.read r
user.emails.read r
user.gender.read r
user.organization.read r
user.phonenumbers.read r
userinfo.email r
userinfo.profile r
tasks ramd
tasks.readonly r
keep ramdg sharing is among it
keep.readonly r
meetings.space.created ramdg only meetings that the application made
meetings.space.readonly r
meetings.space.settings rm
chat.admin.delete d conversations of the whole organisation
chat.admin.memberships ramdg conversations of the whole organisation
chat.admin.memberships.readonly r conversations of the whole organisation
chat.admin.spaces rm conversations of the whole organisation
chat.admin.spaces.readonly r conversations of the whole organisation
chat.app.delete d conversations that the application made
chat.app.memberships ramdg
chat.app.memberships.readonly r
chat.app.messages.readonly r
chat.app.spaces ram
chat.app.spaces.create a
chat.app.spaces.readonly r
chat.bot ramdn conversations that the application is in
chat.customemojis rad
chat.customemojis.readonly r
chat.delete d
chat.import ramd conversations that are being imported
chat.memberships ramdg
chat.memberships.app ad the application itself
chat.memberships.readonly r
chat.messages ramdn
chat.messages.create n
chat.messages.reactions rad
chat.messages.reactions.create a
chat.messages.reactions.readonly r
chat.messages.readonly r
chat.spaces ram
chat.spaces.create a
chat.spaces.readonly r
script.container.ui x what a document shows beside it
script.deployments ramdx code that runs as other people
script.deployments.readonly r
script.external_request x calls to any address
script.metrics r
script.processes r
script.projects ramx code that runs as other people
script.projects.readonly r
script.scriptapp x runs later without anybody, by triggers
script.send_mail n
admin.datatransfer rm data of one user to another
admin.datatransfer.readonly r
admin.directory.customer rm
admin.directory.customer.readonly r
admin.directory.device.chromeos rmx
admin.directory.device.chromeos.readonly r
admin.directory.device.mobile rmd wiping is among it
admin.directory.device.mobile.action rmd wiping is among it
admin.directory.device.mobile.readonly r
admin.directory.domain radg
admin.directory.domain.readonly r
admin.directory.group ramdg
admin.directory.group.member ramdg
admin.directory.group.member.readonly r
admin.directory.group.readonly r
admin.directory.orgunit ramd
admin.directory.orgunit.readonly r
admin.directory.resource.calendar ramd
admin.directory.resource.calendar.readonly r
admin.directory.rolemanagement ramdg who is an administrator
admin.directory.rolemanagement.readonly r
admin.directory.user ramdg passwords and administrators are among it
admin.directory.user.alias radw
admin.directory.user.alias.readonly rw
admin.directory.user.readonly rw
admin.directory.user.security rdg backup codes and application passwords are among it
admin.directory.userschema ramd
admin.directory.userschema.readonly r
admin.reports.audit.readonly rw
admin.reports.usage.readonly r
apps.groups.settings rmg
apps.licensing ramds
cloud-identity.groups ramdg
cloud-identity.groups.readonly r
ediscovery ramd
ediscovery.readonly r
cloud-platform ramdnsxg every service of Google Cloud
cloud-platform.read-only rs queries of BigQuery, which cost money, are among it
bigquery ramdsg
bigquery.insertdata a
bigquery.readonly r
devstorage.full_control ramdg
devstorage.read_only r
devstorage.read_write ramd deleting is among it
pubsub ramdn
compute ramdsxg code on machines that run as other identities is among it
compute.readonly r
logging.admin ramd
logging.read r
logging.write a
monitoring ramd
monitoring.read r
monitoring.write a
sqlservice.admin ramdsxg
analytics r
analytics.readonly r
youtube ramd
youtube.force-ssl ramd
youtube.readonly r
youtube.upload a
webmasters ramd
webmasters.readonly r
"""

DOUBTS = {
    "bigquery.readonly": ("spend", "whether it runs queries, which cost money"),
    "cloud-platform.read-only": (
        "mutate",
        "whether it makes and removes liens, for which Google lists it as enough",
    ),
    "contacts.other.readonly": (
        "append",
        "whether it copies a contact without a second scope, for which Google lists it as enough",
    ),
    "drive.photos.readonly": ("append", "whether it copies files, for which Google lists it"),
    "drive.readonly": (
        "mutate",
        "whether it changes presentations, for which Google lists it as enough",
    ),
    "spreadsheets.readonly": (
        "mutate",
        "whether it changes presentations, for which Google lists it as enough",
    ),
}
"""Names that say read-only, though a method that writes accepts them: effect, and the question."""

COVERS = {
    "https://mail.google.com/": "gmail.modify gmail.compose gmail.insert gmail.labels "
    "gmail.metadata gmail.readonly gmail.send",
    "gmail.modify": "gmail.compose gmail.insert gmail.labels gmail.metadata gmail.readonly "
    "gmail.send",
    "gmail.compose": "gmail.send",
    "gmail.readonly": "gmail.metadata",
    "drive": "drive.appdata drive.file drive.meet.readonly drive.metadata drive.metadata.readonly "
    "drive.photos.readonly drive.readonly spreadsheets spreadsheets.readonly "
    "documents documents.readonly presentations presentations.readonly forms.body "
    "forms.body.readonly forms.responses.readonly",
    "drive.readonly": "drive.meet.readonly drive.metadata.readonly spreadsheets.readonly "
    "documents.readonly presentations.readonly forms.body.readonly",
    "calendar": "calendar.acls calendar.acls.readonly calendar.app.created calendar.calendarlist "
    "calendar.calendarlist.readonly calendar.calendars calendar.calendars.readonly "
    "calendar.events calendar.events.freebusy calendar.events.owned calendar.events.owned.readonly "
    "calendar.events.public.readonly calendar.events.readonly calendar.freebusy calendar.readonly "
    "calendar.settings calendar.settings.readonly",
    "calendar.events": "calendar.events.readonly",
    "calendar.readonly": "calendar.calendarlist.readonly calendar.calendars.readonly "
    "calendar.events.freebusy calendar.events.owned.readonly calendar.events.public.readonly "
    "calendar.events.readonly calendar.freebusy calendar.settings calendar.settings.readonly",
    "admin.directory.group": "admin.directory.group.member admin.directory.group.member.readonly",
    "admin.directory.user": "admin.directory.user.alias admin.directory.user.alias.readonly",
    "cloud-platform": "bigquery bigquery.insertdata bigquery.readonly cloud-platform.read-only "
    "compute compute.readonly devstorage.full_control devstorage.read_only devstorage.read_write "
    "logging.admin logging.read logging.write monitoring monitoring.read monitoring.write pubsub "
    "sqlservice.admin",
    "bigquery": "bigquery.insertdata",
    "devstorage.full_control": "devstorage.read_only devstorage.read_write",
    "devstorage.read_write": "devstorage.read_only",
    "logging.admin": "logging.read logging.write",
    "monitoring": "monitoring.read monitoring.write",
}
"""Scopes whose methods all accept a wider one, on the same objects.

`X` covers `X.readonly` without a line here. `drive.file` covers nothing: most methods accept it,
but for few files.
"""
