/** A schema of no use but to hold every construct of the language, in combinations that schema.zed does not need. */
export const featureSchema = `use expiration
definition user {}
definition robot {}
definition group {
  relation member: user | user with expiration | robot | group#member | group#member with expiration
}
definition team {
  relation lead: user | group#member
  relation staff: user | user with expiration | robot
  relation fired: user | group#member | group#member with expiration
  relation sister: team | team with expiration
  permission family = sister
  permission everyone = lead + staff
  permission active = everyone - fired
}
definition folder {
  relation owner: user | user with expiration | team#active | team#active with expiration
  relation viewer: user:* | user:* with expiration | group#member | group#member with expiration
  relation blocked: user | team#everyone
  relation team: team | team with expiration
  permission view = (owner + viewer) - blocked
  permission edit = owner & team->everyone & (team->active + nil)
  permission odd = team->active + view - edit
  permission kin = team->family
}
definition doc {
  relation folder: folder | folder with expiration | team
  relation author: user | folder#edit | folder#edit with expiration
  relation reader: user:* | robot | robot with expiration | team#staff | folder#owner
  permission read = author + reader + folder->view
  permission write = (author & folder->edit) + folder->active
  permission review = read - write
  permission both = read & folder->odd
}
definition shelf {
  relation folder: folder
  relation doc: doc
  permission see = folder->view + doc->review
  permission hide = see & doc->read - doc->both
}
`
