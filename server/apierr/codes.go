package apierr

// Code tells a program what went wrong; it never changes its meaning. The
// codes of policies are their authors' own and are not listed here.
type Code string

const (
	BadRequest       Code = "bad_request"
	BadPath          Code = "bad_path"
	BadQuery         Code = "bad_query"
	BadFilter        Code = "bad_filter"
	BadBody          Code = "bad_body"
	DuplicateField   Code = "duplicate_field"
	FieldInQuery     Code = "field_in_query"
	FieldNotWritable Code = "field_not_writable"
	BodyTooLarge     Code = "body_too_large"
	RequestTooSlow   Code = "request_too_slow"

	FieldMasked        Code = "field_masked"
	FieldUnknown       Code = "field_unknown"
	CrossesPolicy      Code = "crosses_policy"
	ExpandRefused      Code = "expand_refused"
	ExpandTooLarge     Code = "expand_too_large"
	FiltersRefused     Code = "filters_refused"
	ListTooLong        Code = "list_too_long"
	BatchTwoIdentities Code = "batch_two_identities"
	BatchWrittenTwice  Code = "batch_written_twice"
	TopicNotJudged     Code = "topic_not_judged"
	SchemaUnknown      Code = "collection_unreadable"
	UploadNotJudged    Code = "upload_not_judged"
	RecordUnreadable   Code = "record_unreadable"

	NoPolicy          Code = "no_policy"
	PolicyMissing     Code = "policy_missing"
	PolicyNotLoaded   Code = "policy_not_loaded"
	PolicyRefused     Code = "policy_refused"
	PolicyTrapped     Code = "policy_trapped"
	PolicyOutOfFuel   Code = "policy_out_of_fuel"
	PolicyOutOfMemory Code = "policy_out_of_memory"
	PolicyInvalid     Code = "policy_invalid"
	NotHandled        Code = "operation_not_handled"

	TooManyRequests Code = "too_many_requests"
	TooManyAtOnce   Code = "too_many_at_once"
	TooManyAttempts Code = "too_many_attempts"
	PutOff          Code = "put_off"
	UsesSpent       Code = "uses_spent"
	BatchOverLimit  Code = "batch_over_limit"

	TooManyConnections  Code = "too_many_connections"
	Overloaded          Code = "overloaded"
	NotReady            Code = "not_ready"
	UpstreamBusy        Code = "upstream_busy"
	UpstreamUnavailable Code = "upstream_unavailable"
	UpstreamTimeout     Code = "upstream_timeout"
	UpstreamTooLarge    Code = "upstream_too_large"
	TokenWithheld       Code = "token_withheld"
	AdminKey            Code = "admin_key_required"
	Internal            Code = "internal"
)

// entry is what a code says when nothing more is known.
type entry struct {
	status  int
	message string
}

// table is the one list of codes: status and plain words.
var table = map[Code]entry{
	BadRequest:       {400, "The request's header cannot be read, or not in one way only."},
	BadPath:          {400, "The path is not written in its plain form: no empty, dotted or encoded segments."},
	BadQuery:         {400, "A parameter of the query cannot be read."},
	BadFilter:        {400, "The filter or sort cannot be used here."},
	BadBody:          {400, "The request body cannot be read."},
	DuplicateField:   {400, "A field is given more than once."},
	FieldInQuery:     {400, "Fields of a record belong into the body, not into the URL."},
	FieldNotWritable: {400, "This field cannot be set by a client."},
	BodyTooLarge:     {413, "The request body is too large."},
	RequestTooSlow:   {408, "The request came too slowly, so the server no longer waits for it."},

	FieldMasked:        {400, "The filter or sort names a field that may be masked."},
	FieldUnknown:       {400, "The filter or sort names something that is not a visible field of this collection."},
	CrossesPolicy:      {400, "The filter or sort crosses into a collection that is decided separately."},
	ExpandRefused:      {400, "The expansion leads into a collection that is closed."},
	ExpandTooLarge:     {400, "The expansion is too large."},
	FiltersRefused:     {400, "This collection takes no filter or sort from clients."},
	ListTooLong:        {400, "This page lies too deep in its list. Ask for an earlier one."},
	BatchTwoIdentities: {400, "A batch cannot join collections that a policy alone decides with others; send them in batches of their own."},
	BatchWrittenTwice:  {400, "A batch cannot write a record twice where a policy judges it."},
	TopicNotJudged:     {403, "There is no realtime subscription to a collection that has a policy."},
	SchemaUnknown:      {403, "This collection has a form that is not understood, so it is closed."},
	UploadNotJudged:    {400, "The upload names no file field of this collection."},
	RecordUnreadable:   {403, "This record is nested too deeply to be judged."},

	NoPolicy:          {403, "This collection has no policy, so it is closed."},
	PolicyMissing:     {403, "The policy of this collection is missing, so it is closed."},
	PolicyNotLoaded:   {403, "The policy of this collection did not load, so it is closed."},
	PolicyRefused:     {403, "You are not allowed to perform this request."},
	PolicyTrapped:     {403, "The policy of this collection failed."},
	PolicyOutOfFuel:   {403, "The policy of this collection took too long."},
	PolicyOutOfMemory: {403, "The policy of this collection needed too much memory."},
	PolicyInvalid:     {403, "The policy of this collection gave no valid answer."},
	NotHandled:        {403, "The policy of this collection does not allow this operation."},

	TooManyRequests: {429, "Too many requests. Wait as long as Retry-After says, and try again."},
	TooManyAtOnce:   {429, "Too many requests of yours are under way. Wait for some of them to end."},
	TooManyAttempts: {429, "Too many attempts to sign in. Wait a little, and try again."},
	PutOff:          {429, "You kept asking for what was refused, so you have to wait longer. Wait as long as Retry-After says."},
	UsesSpent:       {429, "This session has done this as often as one may."},
	BatchOverLimit:  {400, "The batch holds more than may be done at once."},

	TooManyConnections:  {503, "Too many connections are open, in all or from this address. Close some, or try again soon."},
	Overloaded:          {503, "The server has too much to do. Nothing was done; try again soon."},
	NotReady:            {503, "The server is not ready: it starts or stops, or its database cannot be reached. Nothing was done; try again soon."},
	UpstreamBusy:        {503, "The database has too much to do. Nothing was done; try again soon."},
	UpstreamUnavailable: {502, "The database gave no answer. If this was to change something, it may have."},
	UpstreamTimeout:     {504, "The database did not answer in time. If this was to change something, it may have."},
	UpstreamTooLarge:    {502, "The database's answer is too large to be judged. Ask for fewer records at once."},
	TokenWithheld:       {502, "The database's answer holds a token that may not leave."},
	AdminKey:            {401, "The header X-Hapta-Admin-Key is missing or wrong."},
	Internal:            {500, "Something went wrong while processing your request."},
}
