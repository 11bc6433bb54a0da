package fcmsim

import "encoding/json"

// appleConfig is what FCM hands to Apple's push service.
type appleConfig struct {
	Headers    map[string]string          `json:"headers"`
	Payload    map[string]json.RawMessage `json:"payload"`
	FCMOptions struct {
		labelled
		Image string `json:"image"`
	} `json:"fcm_options"`
	LiveActivityToken string `json:"live_activity_token"`
}

// aps is the part of the payload that the iPhone itself reads.
type aps struct {
	Alert             json.RawMessage `json:"alert"`
	Badge             *int            `json:"badge"`
	Sound             json.RawMessage `json:"sound"`
	ThreadID          string          `json:"thread-id"`
	Category          string          `json:"category"`
	ContentAvailable  int             `json:"content-available"`
	MutableContent    int             `json:"mutable-content"`
	TargetContentID   string          `json:"target-content-id"`
	InterruptionLevel string          `json:"interruption-level"`
	RelevanceScore    *float64        `json:"relevance-score"`
	FilterCriteria    string          `json:"filter-criteria"`
}

// aps reads what the iPhone itself reads; a wrong one is read as far as it goes, for problem has refused it.
func (a appleConfig) aps() aps {
	var out aps
	if raw := a.Payload["aps"]; raw != nil {
		_ = json.Unmarshal(raw, &out)
	}
	return out
}

// sound is the name of the sound: a text, or the name in an object.
func (a aps) sound() string {
	var named struct {
		Name string `json:"name"`
	}
	var name string
	if json.Unmarshal(a.Sound, &name) != nil && json.Unmarshal(a.Sound, &named) == nil {
		return named.Name
	}
	return name
}
