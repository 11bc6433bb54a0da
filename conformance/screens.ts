// What an app does with the answers of its screens, with types that are made from the schema and
// the screens. It compiles under strict: whatever may be null is looked at, and a switch over what a notice
// is about, or over a state, names each value that it can be.
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import * as screens from './generated/screens.js'

export class Client {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  async ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const answer = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}`, 'accept-language': 'da' },
      body: JSON.stringify({ query: print(document), variables }),
    })
    const { data, errors } = (await answer.json()) as { data?: Data; errors?: { message: string }[] }
    if (errors || !data) throw new Error(JSON.stringify(errors))
    return data
  }

  async onboarding(): Promise<string[]> {
    const data = await this.ask(screens.OnboardingDocument, { area: null })
    return (data.areas ?? []).map(area => `${area.name}: ${area.lokalforum ? joins(area.lokalforum) : 'intet lokalforum'}`)
  }

  async feed() {
    const data = await this.ask(screens.FeedDocument, { after: null })
    return (data.occurrences?.edges ?? []).map(({ node }) => node)
  }

  async group(group: string): Promise<string[]> {
    const data = await this.ask(screens.GroupPageDocument, { group })
    const members = data.group?.memberships
    const names = (members?.edges ?? []).map(({ node }) => `${node.person?.displayName ?? 'slettet'}: ${(node.roles ?? []).map(r => r.role.name ?? r.role.key).join(' ')}`)
    return [`${members?.totalCount ?? '?'} medlemmer`, ...names]
  }

  async event(event: string): Promise<string[]> {
    const data = await this.ask(screens.EventPageDocument, { event })
    const dates = data.event?.occurrences?.edges ?? []
    return dates.map(({ node }) => `${new Date(node.startsAt).toISOString()} ${node.seatsLeft ?? 'ubegrænset'} ${node.viewerBooking ? booked(node.viewerBooking.state) : ''}`)
  }

  async leadersEvent(event: string, date: string, group: string): Promise<string[]> {
    const data = await this.ask(screens.LeadersEventDocument, { event, date, group })
    return (data.event?.occurrences?.edges ?? []).flatMap(({ node }) => (node.confirmed?.edges ?? []).map(({ node: seat }) => seat.guestName ?? seat.person?.displayName ?? 'slettet'))
  }

  async courses(area: string | null): Promise<string[]> {
    const data = await this.ask(screens.CoursesDocument, { area })
    const courses = (data.courses?.edges ?? []).map(({ node }) => `${node.title} ${node.sessions.length} ${node.viewerBooking ? booked(node.viewerBooking.state) : ''}`)
    return [...courses, ...(data.viewer?.upcoming?.edges ?? []).map(({ node }) => entry(node))]
  }

  async inbox(): Promise<string[]> {
    const data = await this.ask(screens.InboxDocument, { filter: { isUnread: true }, after: null })
    return (data.viewer?.notices?.edges ?? []).map(({ node }) => `${node.title}: ${node.snoozedUntil ?? about(node.subject)}`)
  }

  async announcements(group: string): Promise<string[]> {
    const data = await this.ask(screens.AnnouncementsDocument, { group, states: ['DRAFT', 'SCHEDULED', 'SENT'], after: null })
    return (data.announcements?.edges ?? []).map(({ node }) => `${node.title} ${node.sentAt ?? node.publishAt ?? 'kladde'} ${node.report?.opened ?? 0}`)
  }

  async staff(): Promise<string[]> {
    const data = await this.ask(screens.StaffDocument, {})
    return (data.areas ?? []).map(area => `${area.name}: ${(area.missingContacts ?? []).join(' ')}`)
  }
}

type Entry = NonNullable<NonNullable<screens.CoursesQuery['viewer']>['upcoming']>['edges'][number]['node']

// entry shows a type of calendar entries that it does not know by the fields that all have.
function entry(of: Entry): string {
  const what = of.__typename === 'Occurrence' ? (of.group?.name ?? 'arrangement') : 'kursusgang'
  return `${of.startsAt} ${of.title} (${what}) ${of.viewerBooking ? booked(of.viewerBooking.state) : ''}`
}

function joins(of: screens.JoinFragment): string {
  return `${of.memberCount} ${of.viewerMembership?.state ?? of.viewerCan.join(' ')}`
}

type Notice = NonNullable<NonNullable<screens.InboxQuery['viewer']>['notices']>['edges'][number]['node']

// about uses the fields that several types share by their own names, and those of other types in each
// by their aliases.
function about(subject: Notice['subject']): string {
  switch (subject?.__typename) {
    case 'Event':
      return `${subject.title} ${subject.eventState} ${subject.group?.name ?? ''}`
    case 'Course':
      return `${subject.title} ${subject.courseState}`
    case 'Group':
      return subject.name
    case 'Announcement':
      return `${subject.title} ${subject.announcementState}`
    default:
      return ''
  }
}

function booked(state: screens.BookingState): string {
  switch (state) {
    case 'CONFIRMED':
      return 'tilmeldt'
    case 'WAITLISTED':
      return 'på venteliste'
    case 'OFFERED':
      return 'tilbudt en plads'
    case 'PENDING_APPROVAL':
      return 'afventer'
    case 'DECLINED':
    case 'CANCELLED':
      return 'afmeldt'
    case 'ATTENDED':
    case 'NO_SHOW':
      return 'afholdt'
  }
}
