# Who may change users: the rule that is measured. The others in this folder say
# the same. A chain of else on whole paths is what OPA is fastest with: it makes
# no set or list, and asks no rule but this one.
package users

update := {"code": "ownership_required", "message": "only the user themselves may change this"} if {
	not input.caller.id == input.stored.id
} else := kept("validVerified") if {
	_ = input.incoming.validVerified
} else := kept("postr_plus") if {
	_ = input.incoming.postr_plus
} else := kept("followers") if {
	_ = input.incoming.followers
} else := kept("postr_subscriber_since") if {
	_ = input.incoming.postr_subscriber_since
} else := {"code": "", "message": ""}

kept(field) := {"code": "field_forbidden", "message": concat("", [field, " may not be changed"])}
