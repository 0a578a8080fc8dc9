// Package sharing reads PocketBase's API rules and says, before a request is
// sent, who else may be given its answer, and of which collections any row may count
// in it. It speaks of lists and views, and of callers who are no superusers:
// those meet no rule and see what is hidden.
//
// What it does not understand it holds for nobody's to share. What an app's own
// hooks change in an answer stands in no rule, so it cannot know of it.
package sharing
