package slack

// wrapperShape is the shape of blocks that frame other content.
func wrapperShape(kind string) (shape, bool) {
	switch kind {
	case "video":
		return videoShape(), true
	case "alert":
		return shape{need: []string{"text"}, fields: map[string]rule{
			"text": anyText(maxAlertText), "level": oneOf("default", "info", "warning", "error", "success"),
		}}, true
	case "card":
		return cardShape(), true
	case "carousel":
		return shape{need: []string{"elements"}, fields: map[string]rule{"elements": list(1, maxCarousel, typed(blockShape, "card"))}}, true
	case "container":
		return shape{need: []string{"child_blocks"}, fields: map[string]rule{
			"title": plain(maxContainerTitle), "rich_text_title": typed(blockShape, "rich_text"), "subtitle": anyText(maxContainerTitle),
			"child_blocks": list(1, maxContainer, typed(blockShape, containerKinds...)), "icon": typed(elementShape, "image"),
			"width":          oneOf("narrow", "standard", "wide", "full"),
			"is_collapsible": boolean, "default_collapsed": boolean, "has_header_divider": boolean,
		}, also: func(c *checker, path string, o object) {
			if o["title"] == nil && o["rich_text_title"] == nil {
				c.fail(path, "missing required field: title or rich_text_title")
			}
			if o["default_collapsed"] == true && o["is_collapsible"] != true {
				c.fail(path+"/default_collapsed", "requires is_collapsible")
			}
		}}, true
	}
	return shape{}, false
}

func videoShape() shape {
	return shape{need: []string{"alt_text", "title", "thumbnail_url", "video_url"}, fields: map[string]rule{
		"alt_text": text(1, maxAltText), "title": plain(maxVideoTitle), "title_url": webAddress("https"),
		"thumbnail_url": webAddress("http", "https"), "video_url": webAddress("https"),
		"author_name": text(1, maxVideoAuthor), "provider_name": text(1, maxID), "provider_icon_url": webAddress(),
		"description": plain(maxVideoTitle),
	}}
}

func slackIcon(c *checker, path string, v any) {
	typed(func(string) (shape, bool) {
		return shape{need: []string{"name"}, fields: map[string]rule{"name": text(1, maxID)}}, true
	}, "icon")(c, path, v)
}

func cardShape() shape {
	return shape{fields: map[string]rule{
		"hero_image": typed(elementShape, "image"), "icon": typed(elementShape, "image"), "slack_icon": slackIcon,
		"title": anyText(maxCardTitle), "subtitle": anyText(maxCardTitle), "body": anyText(maxCardBody), "subtext": anyText(maxCardBody),
		"actions": func(c *checker, path string, v any) {
			list(1, maxCardActions, typed(elementShape, "button"))(c, path, v)
			distinct(c, path, v, "action_id")
		},
	}, also: func(c *checker, path string, o object) {
		if o["hero_image"] == nil && o["title"] == nil && o["actions"] == nil && o["body"] == nil {
			c.fail(path, "at least one of hero_image, title, actions, or body is required")
		}
		if o["icon"] != nil && o["slack_icon"] != nil {
			c.fail(path, "only one of icon and slack_icon may be set")
		}
	}}
}
