package push

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"firebase.google.com/go/v4/errorutils"
	"firebase.google.com/go/v4/messaging"
)

// defaultPause is how long to pause if FCM says "too fast" without saying how long.
const defaultPause = time.Minute

// The types of details that say what is invalid.
const (
	badRequestType = "type.googleapis.com/google.rpc.BadRequest"
	apnsErrorType  = "type.googleapis.com/google.firebase.fcm.v1.ApnsError"
)

// classify turns the SDK's error into an outcome. Only answers in which FCM itself names the device
// lead to Gone. An unknown error keeps the device.
func classify(err error, a *attempts, now time.Time) Result {
	count, unavailable, network := a.seen()
	resp := errorutils.HTTPResponse(err)
	res := Result{Err: err, Reason: "UNKNOWN", Outcome: Retry, RetryAfter: retryAfter(resp, now)}
	switch {
	case messaging.IsUnregistered(err):
		res.Outcome, res.Reason = Gone, "UNREGISTERED"
	case messaging.IsSenderIDMismatch(err):
		res.Outcome, res.Reason = Gone, "SENDER_ID_MISMATCH"
	case messaging.IsThirdPartyAuthError(err):
		res.Outcome, res.Reason = PlatformDown, "THIRD_PARTY_AUTH_ERROR"
	case messaging.IsQuotaExceeded(err), errorutils.IsResourceExhausted(err):
		res.Outcome, res.Reason = QuotaExceeded, "QUOTA_EXCEEDED"
		if res.RetryAfter == 0 {
			res.RetryAfter = defaultPause
		}
	case messaging.IsInvalidArgument(err), errorutils.IsInvalidArgument(err):
		res.Outcome, res.Reason = whatIsInvalid(err, resp), "INVALID_ARGUMENT"
	case messaging.IsUnavailable(err), messaging.IsInternal(err):
		res.Reason = "INTERNAL"
		if messaging.IsUnavailable(err) {
			res.Reason = "UNAVAILABLE"
		}
	case resp != nil:
		res.Reason = "HTTP_" + strconv.Itoa(resp.StatusCode)
		res.Err = fmt.Errorf("fcm answered %d: %w", resp.StatusCode, err)
	case unavailable != nil:
		// This answer made attempts end the send, so the SDK's error says only that.
		res.Reason, res.RetryAfter = "UNAVAILABLE", retryAfter(unavailable, now)
		res.Err = fmt.Errorf("fcm answered 503: %w", errNoMoreAttempts)
	case errors.Is(err, context.DeadlineExceeded), errorutils.IsDeadlineExceeded(err):
		res.Reason = "TIMEOUT"
	case errors.Is(network, context.Canceled), network == nil && errors.Is(err, context.Canceled):
		res.Reason = "CANCELLED"
	case network != nil:
		res.Reason, res.Err = "NETWORK", network
	case count == 0:
		// The SDK itself has refused the message, and nothing was sent.
		res.Outcome, res.Reason = BadPayload, "REFUSED_LOCALLY"
	}
	return res
}

// whatIsInvalid tells a wrong message from a wrong device. If Apple's service refused the message, FCM adds
// Apple's reason. If FCM could not read it, it adds a BadRequest that names the field. An FcmError alone says that
// the address is no good. An answer with none of them counts as a wrong message, because that keeps the device.
func whatIsInvalid(err error, resp *http.Response) Outcome {
	for _, d := range details(resp) {
		switch d.Type {
		case apnsErrorType:
			return d.whatAppleRefuses()
		case badRequestType:
			return d.whatIsUnreadable()
		}
	}
	if messaging.IsInvalidArgument(err) {
		return BadDevice
	}
	return BadPayload
}

// whatAppleRefuses tells by Apple's reason. Those that do not name the device are about the message or the project,
// such as PayloadTooLarge and BadPriority, and so is one that is new.
func (d detail) whatAppleRefuses() Outcome {
	switch d.Reason {
	case "BadDeviceToken", "DeviceTokenNotForTopic", "ExpiredToken", "MissingDeviceToken", "Unregistered":
		return BadDevice
	}
	return BadPayload
}

func (d detail) whatIsUnreadable() Outcome {
	for _, v := range d.FieldViolations {
		if v.Field == "message.token" || v.Field == "message.fid" {
			return BadDevice
		}
	}
	return BadPayload
}

type detail struct {
	Type            string `json:"@type"`
	Reason          string `json:"reason"` // Apple's
	FieldViolations []struct {
		Field string `json:"field"`
	} `json:"fieldViolations"`
}

func details(resp *http.Response) []detail {
	if resp == nil {
		return nil
	}
	var answer struct {
		Error struct {
			Details []detail `json:"details"`
		} `json:"error"`
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil || json.Unmarshal(body, &answer) != nil {
		return nil // an answer in another form than FCM's has no details
	}
	return answer.Error.Details
}

// retryAfter reads the header in both its forms: seconds, or a date.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	if resp == nil {
		return 0
	}
	value := resp.Header.Get("Retry-After")
	if seconds, err := strconv.ParseInt(value, 10, 32); err == nil {
		return max(0, time.Duration(seconds)*time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}
