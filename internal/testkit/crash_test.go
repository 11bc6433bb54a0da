package testkit

import (
	"context"
	"fmt"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"faellesskab/internal/fault"
	"faellesskab/internal/mongodb"
)

func batchOf(n int32) options.Lister[options.FindOptions] { return options.Find().SetBatchSize(n) }

// threeWrites is a use case of three writes, with a read in between.
func threeWrites(ctx context.Context, db *mongodb.DB) error {
	c := db.Collection("c")
	if _, err := c.InsertOne(ctx, keys("_id", 1)); err != nil {
		return mongodb.Translate("insert", err)
	}
	if _, err := c.UpdateOne(ctx, keys("_id", 1), keys("$set", keys("n", 2))); err != nil {
		return mongodb.Translate("update", err)
	}
	if err := c.FindOne(ctx, keys("_id", 1)).Err(); err != nil {
		return mongodb.Translate("read", err)
	}
	err := c.FindOneAndUpdate(ctx, keys("_id", 1), keys("$set", keys("n", 3))).Err()
	return mongodb.Translate("find and modify", err)
}

func TestCrashLeavesExactlyTheFirstWrites(t *testing.T) {
	t.Parallel()
	free := NewCrasher()
	if err := threeWrites(t.Context(), DB(t, WithCrasher(free))); err != nil || free.Writes() != 3 {
		t.Fatalf("without a crash: %d writes, %v", free.Writes(), err)
	}
	for n := range 4 {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			crasher := NewCrasher()
			db := DB(t, WithCrasher(crasher))
			crasher.After(n)
			start := time.Now()
			err := threeWrites(t.Context(), db)
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("the end came after %v", took)
			}
			if (err == nil) != (n == 3) || !crasher.Crashed() || crasher.Writes() != n {
				t.Errorf("crashed %t after %d writes: %v", crasher.Crashed(), crasher.Writes(), err)
			}
			if err != nil && !fault.Is(err, fault.KindUnavailable) {
				t.Errorf("the crash looks like %v", err)
			}
			if err := db.Ping(t.Context()); err == nil {
				t.Error("the dead process reaches its database")
			}

			var left struct{ N int }
			err = Reopen(t, db).Collection("c").FindOne(t.Context(), keys("_id", 1)).Decode(&left)
			switch {
			case n == 0 && err != mongo.ErrNoDocuments:
				t.Errorf("dead from the start, it left %v, %v", left, err)
			case n == 1 && (err != nil || left.N != 0), n > 1 && (err != nil || left.N != n):
				t.Errorf("it left %v, %v", left, err)
			}

			crasher.Revive()
			if crasher.Crashed() {
				t.Error("dead after being revived")
			}
			for until := time.Now().Add(5 * time.Second); ; {
				err := db.Ping(t.Context())
				if err == nil {
					break
				}
				if time.Now().After(until) {
					t.Fatalf("not reached again: %v", err)
				}
			}
		})
	}
}

// Even with many writers at once, not one write more than n reaches the database.
func TestCrashUnderManyWriters(t *testing.T) {
	t.Parallel()
	crasher := NewCrasher()
	db := DB(t, WithCrasher(crasher))
	crasher.After(20)
	done := make(chan struct{})
	for w := range 10 {
		go func() {
			defer func() { done <- struct{}{} }()
			for i := 0; ; i++ {
				if _, err := db.Collection("c").InsertOne(t.Context(), keys("_id", w*1000+i)); err != nil {
					return
				}
			}
		}()
	}
	for range 10 {
		<-done
	}
	n, err := Reopen(t, db).Collection("c").CountDocuments(mongodb.AllowScan(t.Context()), bson.D{})
	if err != nil || n != 20 || !crasher.Crashed() {
		t.Errorf("%d writes after a crash at 20, %v", n, err)
	}
}

func TestCommandNameIsFoundBehindOtherSections(t *testing.T) {
	t.Parallel()
	doc := parse(t, `{"insert": "c", "ordered": true}`)
	head := make([]byte, 20)
	head[12], head[13] = 0xdd, 0x07 // 2013
	sequence := append([]byte{1, 16, 0, 0, 0}, "documents\x00xx"...)
	first := append(append(append([]byte{}, head...), 0), doc...)
	second := append(append(append(append([]byte{}, head...), sequence...), 0), doc...)
	for _, m := range [][]byte{first, second} {
		if got := commandName(m); got != "insert" {
			t.Errorf("%q", got)
		}
	}
	for cut := range second[:len(second)-len(doc)] {
		if cut >= 16 && commandName(second[:cut]) != "" {
			t.Errorf("a message cut at %d has a name", cut)
		}
	}
}
